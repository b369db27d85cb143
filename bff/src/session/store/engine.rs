//! What a place for sessions must be able to do. Each operation is atomic, in one process and across all that share
//! the place; the properties of [`super::Store`] rest on that.

use async_trait::async_trait;
use std::time::Duration;

/// Half of the SHA-256 of a session id, of a person's `sub`, of a provider's `sid`, or of a one-time value.
pub(super) type Key = [u8; 16];

/// Who holds a lease: random, so that nobody else is taken for it.
pub(super) type Holder = [u8; 16];

/// What is kept of a session: sealed content, when it ends, and how often it was replaced.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) sealed: Vec<u8>,
    /// Seconds since 1970.
    pub(super) expires_at: i64,
    /// Begins at 0. Who replaces a row names the version that was read, and loses against whoever was faster.
    pub(super) version: i64,
}

/// Sealed content, end and version, as the engines give them.
impl From<(Vec<u8>, i64, i64)> for Row {
    fn from((sealed, expires_at, version): (Vec<u8>, i64, i64)) -> Self {
        Self {
            sealed,
            expires_at,
            version,
        }
    }
}

/// By what a session is found besides its id. It never changes while the session lives.
#[derive(Clone, Copy)]
pub(super) struct Index {
    /// The hash of the person's `sub`, to list and end all of their sessions.
    pub(super) subject: Option<Key>,
    /// The hash of the provider's session, to end the sessions that began in it.
    pub(super) sid: Option<Key>,
}

impl Index {
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> {
        let groups = [self.subject.map(Group::Subject), self.sid.map(Group::Sid)];
        groups.into_iter().flatten()
    }
}

/// Sessions that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Group {
    Subject(Key),
    Sid(Key),
}

/// A time by the engine's own clock, in milliseconds: those who share the place need not agree on the time.
pub(crate) type Moment = i64;

pub(super) fn milliseconds(time: Duration) -> Moment {
    Moment::try_from(time.as_millis()).unwrap_or(Moment::MAX)
}

/// So long an engine knows when a group was ended: longer than any sign-in that was under way then.
pub(super) const ENDED_FOR: Duration = Duration::from_mins(2);

/// Why an engine gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    /// SQLite or PostgreSQL.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A connection to SQLite that only reads.
    #[error(transparent)]
    Reader(#[from] rusqlite::Error),
    /// Redis.
    #[error(transparent)]
    Redis(#[from] redis::RedisError),
    /// The folder or file of a database.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// No answer within the time that a request can spare.
    #[error("it did not answer in time")]
    TimedOut,
}

type Result<T> = std::result::Result<T, EngineError>;

/// An engine: rows, one-time values, leases, and notices to whoever shares the place.
#[async_trait]
pub(super) trait Engine: Send + Sync {
    /// Keeps a new row, of version 0.
    async fn insert(&self, key: &Key, row: &Row, index: &Index) -> Result<()>;

    /// Replaces content and end of the row that is still of `row.version`; answers whether it was.
    async fn replace(&self, key: &Key, row: &Row) -> Result<bool>;

    async fn get(&self, key: &Key) -> Result<Option<Row>>;

    /// Deletes a row; answers what it was.
    async fn delete(&self, key: &Key) -> Result<Option<Row>>;

    /// Deletes the row that is still of this version; answers whether it was.
    async fn delete_version(&self, key: &Key, version: i64) -> Result<bool>;

    async fn rows_of(&self, group: Group) -> Result<Vec<(Key, Row)>>;

    /// Notes that the group is ended now, then deletes its rows; answers what they were. A sign-in that is under way is
    /// not among them: it asks [`Engine::ended_since`] after its row is there, so that one of the two sees the other.
    async fn delete_all_of(&self, group: Group) -> Result<Vec<(Key, Row)>>;

    /// Whether the group was ended at this moment or later, as far as [`ENDED_FOR`] goes.
    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool>;

    async fn is_used(&self, value: &Key) -> Result<bool>;

    /// Remembers a one-time value until `expires_at`; answers when that was, if this was its first use.
    async fn mark_used(&self, value: &Key, expires_at: i64) -> Result<Option<Moment>>;

    /// Takes, or takes for longer, the lease on a key; answers whether it is `holder`'s now. It ends by the engine's
    /// own clock.
    async fn lease(&self, key: &Key, holder: &Holder, life: Duration) -> Result<bool>;

    /// Gives a lease back, if it is still `holder`'s.
    async fn release(&self, key: &Key, holder: &Holder) -> Result<()>;

    /// Deletes what had expired at `now`, some at a time; returns how many sessions went.
    async fn sweep(&self, now: i64) -> Result<u64>;

    /// How many sessions there are, those included that wait for a sweep.
    async fn count(&self) -> Result<u64>;

    /// Tells the other processes that share the place. In this process everybody knows already.
    async fn tell_others(&self, notice: &str) -> Result<()>;
}
