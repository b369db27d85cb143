//! The store: what holds for every engine is written here, once.

use crate::{
    Error,
    address::Address,
    engine::{
        Engine, Moment, Row, memory::Memory, postgres::Postgres, redis::Redis, sqlite::Sqlite,
    },
    key::{Group, Index, Realm, SessionKey, hash},
    notice::{Affected, Notice},
    observer::{Observer, note, span},
    seal::Keys,
};
use clock::Clock;
use rand::RngExt;
use serde_json::Value;
use std::{
    collections::HashMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::broadcast;
use tower_sessions::session::Id;
use tracing::Instrument;

/// The time-out of one operation: shorter than a request may take.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);
/// The time-out of a sweep.
const SWEEP_TIMEOUT: Duration = Duration::from_mins(5);
/// How many notices a slow receiver may be behind.
const NOTICES: usize = 1_024;
/// How often [`Store::update`] tries before it gives up.
const UPDATE_TRIES: usize = 100;
/// The longest pause between two of these tries.
const UPDATE_PAUSE_MS: u64 = 20;

/// What an operation returns.
pub type Result<T> = std::result::Result<T, Error>;

/// The values of a session by their names.
pub type Data = HashMap<String, Value>;

/// A session as it was when it was loaded, or when it ended.
#[derive(Clone, PartialEq)]
pub struct StoredSession {
    /// Where it is stored.
    pub key: SessionKey,
    /// Its values.
    pub data: Data,
    /// When it expires, in seconds since 1970.
    pub expires_at: i64,
    version: i64,
}

impl fmt::Debug for StoredSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoredSession([redacted])")
    }
}

/// A session store over any engine. Clones share it.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) keys: Keys,
    pub(crate) realm: Realm,
    clock: Clock,
    notices: broadcast::Sender<Notice>,
    observer: Arc<dyn Observer>,
}

impl Store {
    /// Opens the database at this address. `keys` seal the content, `clock` decides what has expired. Applications that share
    /// the database and pass different names as `realm` have nothing in common there: no session, no person, no one-time value.
    ///
    /// # Errors
    /// When the database cannot be opened or reached.
    pub async fn open(address: &Address, keys: Keys, realm: &str, clock: Clock) -> Result<Self> {
        let realm = Realm::new(realm);
        let notices = broadcast::Sender::new(NOTICES);
        let sender = notices.clone();
        let on_notice = Arc::new(move |text: &str| {
            // Another version of the program may publish what this version does not know.
            if let Ok(notice) = serde_json::from_str::<Notice>(text) {
                let _ = sender.send(notice.translated(realm));
            }
        });
        let engine: Arc<dyn Engine> = match address {
            Address::Memory => Arc::new(Memory::default()),
            Address::Sqlite(path) => Arc::new(Sqlite::open(path).await?),
            Address::Postgres(url) => Arc::new(Box::pin(Postgres::open(url, on_notice)).await?),
            Address::Redis(url) => Arc::new(Redis::open(url, on_notice).await?),
        };
        Ok(Self {
            engine,
            keys,
            realm,
            clock,
            notices,
            observer: Arc::new(()),
        })
    }

    /// The same store with an observer of its operations.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Observer) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Inserts a new session and returns its id, 128 random bits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&self, data: &Data, index: &Index, expires_at: i64) -> Result<Id> {
        let id = Id::default();
        self.insert_as(SessionKey::from(&id), data, index, expires_at)
            .await?;
        Ok(id)
    }

    pub(crate) async fn insert_as(
        &self,
        key: SessionKey,
        data: &Data,
        index: &Index,
        expires_at: i64,
    ) -> Result<()> {
        let key = key.translated(self.realm);
        let row = Row {
            sealed: self.seal(key, data)?,
            expires_at,
            version: 0,
        };
        let index = index.translated(self.realm);
        self.run("insert", self.engine.insert(&key, &row, &index))
            .await
    }

    /// Loads a session. `None` if it has expired, was ended, or does not open with these keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(&self, key: impl Into<SessionKey>) -> Result<Option<StoredSession>> {
        let key = self.row_of(key);
        let row = self.run("get", self.engine.get(&key)).await?;
        Ok(row.and_then(|row| self.open_row(key, row)))
    }

    /// Writes the session's values unless it was changed or ended since it was loaded. Returns whether it wrote them.
    /// The expiry stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace(&self, session: &StoredSession) -> Result<bool> {
        let key = self.row_of(session.key);
        let sealed = self.seal(key, &session.data)?;
        let replacing = self.engine.replace(&key, &sealed, session.version);
        self.run("replace", replacing).await
    }

    /// Changes the session's values. If another writer is faster, it loads the session and calls `change` again. Returns
    /// whether the session still exists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update(
        &self,
        key: impl Into<SessionKey>,
        mut change: impl FnMut(&mut Data) + Send,
    ) -> Result<bool> {
        let key = key.into();
        for _ in 0..UPDATE_TRIES {
            let Some(mut session) = self.load(key).await? else {
                return Ok(false);
            };
            change(&mut session.data);
            if self.replace(&session).await? {
                return Ok(true);
            }
            // A random pause: two writers in step would only disturb each other again.
            let pause = rand::rng().random_range(0..UPDATE_PAUSE_MS);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Err(Error::Contended)
    }

    /// Sets when the session expires. Returns whether it exists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch(&self, key: impl Into<SessionKey>, expires_at: i64) -> Result<bool> {
        let (key, now) = (self.row_of(key), self.clock.unix());
        self.run("touch", self.engine.touch(&key, expires_at, now))
            .await
    }

    /// Ends a session and publishes `message` about it. Returns the session as it was at its end, or `None` if there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(
        &self,
        key: impl Into<SessionKey>,
        message: &Value,
    ) -> Result<Option<StoredSession>> {
        let key = key.into();
        let row_key = self.row_of(key);
        let Some(row) = self.run("delete", self.engine.delete(&row_key)).await? else {
            return Ok(None);
        };
        self.publish(Affected::Session(key), message).await;
        Ok(self.open_row(row_key, row))
    }

    /// Ends a session unless it was changed or ended since it was loaded. Returns whether it ended it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_unchanged(&self, session: &StoredSession, message: &Value) -> Result<bool> {
        let key = self.row_of(session.key);
        let deleting = self.engine.delete_version(&key, session.version);
        let is_ended = self.run("delete_version", deleting).await?;
        if is_ended {
            self.publish(Affected::Session(session.key), message).await;
        }
        Ok(is_ended)
    }

    /// Ends the sessions of a group and publishes `message` about it. Returns them as they were at their end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_group(&self, group: Group, message: &Value) -> Result<Vec<StoredSession>> {
        let deleting = self.engine.delete_all_of(group.translated(self.realm));
        let rows = self.run("delete_all_of", deleting).await?;
        self.publish(Affected::Group(group), message).await;
        Ok(self.open_rows(rows))
    }

    /// Whether a group of this index was ended at this moment or later, as far as two minutes back. A sign-in calls this
    /// after it has inserted its session: an operation that ended the group before that did not see the session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ended_since(&self, moment: Moment, index: &Index) -> Result<bool> {
        for group in index.translated(self.realm).groups() {
            let asking = self.engine.ended_since(group, moment);
            if self.run("ended_since", asking).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Sessions of a group that have not expired: at most this many, the one that expires last first. An attacker who
    /// can write to the database can move rows between groups, so a caller compares them with the sealed data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&self, group: Group, most: u16) -> Result<Vec<StoredSession>> {
        let reading = self.engine.rows_of(group.translated(self.realm), most);
        Ok(self.open_rows(self.run("rows_of", reading).await?))
    }

    /// Whether a one-time value was used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_used(&self, value: &str) -> Result<bool> {
        let value = self.realm.translate(hash(value));
        self.run("is_used", self.engine.is_used(&value)).await
    }

    /// Remembers a one-time value until `expires_at`, in seconds since 1970. Returns the moment of its first use, or `None`
    /// if it was used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_used(&self, value: &str, expires_at: i64) -> Result<Option<Moment>> {
        let value = self.realm.translate(hash(value));
        self.run("mark_used", self.engine.mark_used(&value, expires_at))
            .await
    }

    /// Publishes a notice, in this process first. Streams must also look at their session now and then, because a notice
    /// may be lost on its way to other processes.
    pub async fn publish(&self, affected: Affected, message: &Value) {
        let notice = Notice {
            affected,
            message: message.clone(),
        };
        let _ = self.notices.send(notice.clone());
        let text = serde_json::to_string(&notice.translated(self.realm)).unwrap_or_default();
        if let Err(cause) = self.run("publish", self.engine.publish(&text)).await {
            tracing::warn!(event = "store.notice_lost", %cause);
        }
    }

    /// Receives the notices from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Deletes what has expired. Returns the number of deleted sessions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self) -> Result<u64> {
        let sweeping = self.engine.sweep(self.clock.unix());
        tokio::time::timeout(SWEEP_TIMEOUT, sweeping)
            .await
            .unwrap_or(Err(Error::TimedOut))
    }

    /// The number of sessions, including expired ones that no sweep has deleted yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self) -> Result<u64> {
        self.run("count", self.engine.count()).await
    }

    /// Looks for a session, then writes to the database and deletes what it wrote. With a database that is full or read-only, nobody can sign in.
    ///
    /// # Errors
    /// When the database does not answer, or refuses to write.
    pub async fn ping(&self) -> Result<()> {
        let nobody = SessionKey(rand::rng().random());
        self.load(nobody).await?;
        if let Some(lease) = self.lease(nobody, TIMEOUT).await? {
            lease.release().await;
        }
        Ok(())
    }

    /// Runs an operation of the engine with a time-out: a database that hangs is a fault like one that is gone.
    pub(crate) async fn run<T>(
        &self,
        operation: &'static str,
        result: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let began = Instant::now();
        let span = span(operation);
        let result = tokio::time::timeout(TIMEOUT, result.instrument(span.clone())).await;
        let result = result.unwrap_or(Err(Error::TimedOut));
        let fault = note(&span, &result);
        self.observer.ended(operation, began.elapsed(), fault);
        result
    }

    /// The name of a session's row in the database.
    pub(crate) fn row_of(&self, key: impl Into<SessionKey>) -> SessionKey {
        key.into().translated(self.realm)
    }

    fn seal(&self, key: SessionKey, data: &Data) -> Result<Vec<u8>> {
        Ok(self.keys.seal(&key.0, &serde_json::to_vec(data)?))
    }

    fn open_row(&self, key: SessionKey, row: Row) -> Option<StoredSession> {
        if row.expires_at <= self.clock.unix() {
            return None;
        }
        let content = self.keys.open(&key.0, &row.sealed)?;
        Some(StoredSession {
            key: key.translated(self.realm),
            data: serde_json::from_slice(&content).ok()?,
            expires_at: row.expires_at,
            version: row.version,
        })
    }

    fn open_rows(&self, rows: Vec<(SessionKey, Row)>) -> Vec<StoredSession> {
        let rows = rows.into_iter();
        rows.filter_map(|(key, row)| self.open_row(key, row))
            .collect()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Store")
    }
}
