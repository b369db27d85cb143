//! What a database must do to hold sessions. Each operation is one atomic step, in one process and across all processes
//! that share the database. The properties of [`Store`](crate::Store) rest on that.

pub(crate) mod memory;
pub(crate) mod postgres;
pub(crate) mod redis;
mod sql;
pub(crate) mod sqlite;
mod subscription;

use crate::{
    Error,
    key::{Group, Hash, Index, SessionKey},
};
use async_trait::async_trait;
use std::time::Duration;

/// Who holds a lease: 128 random bits.
pub(crate) type Holder = [u8; 16];

/// A time by the database's own clock, in milliseconds since 1970 (in memory: since the start). Processes that share a
/// database need not agree on the time.
pub type Moment = i64;

pub(crate) fn milliseconds(time: Duration) -> Moment {
    Moment::try_from(time.as_millis()).unwrap_or(Moment::MAX)
}

/// How long an engine remembers that a group was ended: longer than any sign-in that was under way then.
pub(crate) const ENDED_FOR: Duration = Duration::from_mins(2);

/// A stored session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) sealed: Vec<u8>,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
    /// How often the content was replaced. A writer names the version that it read, and loses against a faster writer.
    pub(crate) version: i64,
}

/// Sealed content, expiry and version, as the databases return them.
impl From<(Vec<u8>, i64, i64)> for Row {
    fn from((sealed, expires_at, version): (Vec<u8>, i64, i64)) -> Self {
        Self {
            sealed,
            expires_at,
            version,
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// A database of sessions, one-time values and leases that also carries notices.
#[async_trait]
pub(crate) trait Engine: Send + Sync {
    /// Inserts a row of version 0. Fails if there is a row under this key.
    async fn insert(&self, key: &SessionKey, row: &Row, index: &Index) -> Result<()>;

    /// Replaces the content of the row if it still has `version`. Returns whether it had. The expiry stays.
    async fn replace(&self, key: &SessionKey, sealed: &[u8], version: i64) -> Result<bool>;

    /// Sets the expiry of a row that has not expired at `now`. Returns whether there is one. Content and version stay.
    async fn touch(&self, key: &SessionKey, expires_at: i64, now: i64) -> Result<bool>;

    /// Returns a row.
    async fn get(&self, key: &SessionKey) -> Result<Option<Row>>;

    /// Deletes a row and returns it.
    async fn delete(&self, key: &SessionKey) -> Result<Option<Row>>;

    /// Deletes the row if it still has `version`. Returns whether it had.
    async fn delete_version(&self, key: &SessionKey, version: i64) -> Result<bool>;

    /// Returns rows of a group: at most this many, the one that expires last first.
    async fn rows_of(&self, group: Group, most: u16) -> Result<Vec<(SessionKey, Row)>>;

    /// Records that the group ends now, then deletes its rows and returns them. A sign-in that is under way may insert
    /// its row later: it calls [`Engine::ended_since`] after the insert, so that one of the two sees the other.
    async fn delete_all_of(&self, group: Group) -> Result<Vec<(SessionKey, Row)>>;

    /// Whether the group was ended at this moment or later. Ends older than [`ENDED_FOR`] are forgotten.
    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool>;

    /// Whether a one-time value was used.
    async fn is_used(&self, value: &Hash) -> Result<bool>;

    /// Remembers a one-time value until `expires_at`. Returns the time of the first use, or `None` if it was used before.
    async fn mark_used(&self, value: &Hash, expires_at: i64) -> Result<Option<Moment>>;

    /// Takes the lease on a session unless another holder has it. Returns whether it was taken.
    async fn lease(&self, key: &SessionKey, holder: &Holder, life: Duration) -> Result<bool>;

    /// Returns a lease, if `holder` still has it.
    async fn release(&self, key: &SessionKey, holder: &Holder) -> Result<()>;

    /// Deletes what expired at `now` or earlier, in batches. Returns the number of deleted sessions.
    async fn sweep(&self, now: i64) -> Result<u64>;

    /// The number of rows, including expired rows that no sweep has deleted yet.
    async fn count(&self) -> Result<u64>;

    /// Sends a notice to the other processes that share the database.
    async fn publish(&self, notice: &str) -> Result<()>;
}
