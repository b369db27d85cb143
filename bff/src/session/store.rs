//! Where sessions are kept. A session is found under a hash of its id and its content is sealed, so that a
//! stolen store opens no session and shows no token.
//!
//! Properties that the middleware does not promise are made here, once for all engines: a save never revives a session
//! that was ended meanwhile and never overwrites what somebody else saved meanwhile, what has expired is not loaded, and
//! what cannot be read (another key, another version) is as good as absent.

mod engine;
mod lease;
mod memory;
mod postgres;
mod redis;
mod sql;
mod sqlite;
mod subscription;

pub(crate) use engine::{EngineError, Moment};
pub(crate) use lease::Lease;

use super::{
    content::{CONTENT, Content},
    notice::{Names, Notice, What, Whose},
    seal::Keys,
    signed_in::Belongs,
};
use crate::{config::StoreConfig, metrics::SecondsBy, telemetry};
use async_trait::async_trait;
use clock::Clock;
use engine::{Engine, Group, Index, Key, Row};
use memory::MemoryRows;
use postgres::PostgresRows;
use redis::RedisRows;
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::SignedOutReason;
use sqlite::SqliteRows;
use std::{
    collections::HashMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use time::OffsetDateTime;
use tokio::sync::broadcast;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};
use tracing::Instrument;

/// What a request can spare for one answer of the engine.
const PATIENCE: Duration = Duration::from_secs(5);
/// Nobody waits for a sweep, and there may be much to delete; but a connection may be dead.
const SWEEPING: Duration = Duration::from_mins(1);
/// Notices that a stream may be behind; one that is further behind looks for itself.
const NOTICES: usize = 256;
/// Where a loaded record says which version of the row it is.
pub(super) const RECORD_VERSION: &str = "version";

/// A session store of any engine.
#[derive(Clone)]
pub(crate) struct Store {
    engine: Arc<dyn Engine>,
    keys: Keys,
    clock: Clock,
    notices: broadcast::Sender<Notice>,
    seconds: SecondsBy,
}

/// A session that was found without its id, or what one was that has been ended.
pub(crate) struct Found {
    key: Key,
    pub(crate) content: Content,
}

impl Found {
    /// A name for it that opens nothing, not even the store.
    pub(crate) fn handle(&self) -> String {
        handle_of(&self.key)
    }
}

impl Store {
    /// Opens the engine that the setting names.
    pub(crate) async fn open(
        config: &StoreConfig,
        keys: Keys,
        clock: Clock,
    ) -> std::result::Result<Self, EngineError> {
        let notices = broadcast::Sender::new(NOTICES);
        let here = notices.clone();
        let told = Arc::new(move |text: &str| {
            // Another version of this program may say what this one does not know.
            if let Ok(notice) = text.parse() {
                let _ = here.send(notice);
            }
        });
        let engine: Arc<dyn Engine> = match config {
            StoreConfig::Memory => Arc::new(MemoryRows::default()),
            StoreConfig::Sqlite(path) => Arc::new(SqliteRows::open(path).await?),
            StoreConfig::Postgres(url) => Arc::new(PostgresRows::open(url, told).await?),
            StoreConfig::Redis(url) => Arc::new(RedisRows::open(url, told).await?),
        };
        Ok(Self {
            engine,
            keys,
            clock,
            notices,
            seconds: SecondsBy::by("operation"),
        })
    }

    /// Whether the engine answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        self.within("get", self.engine.get(&[0; 16]))
            .await
            .map(|_| ())
    }

    /// Ends every session of a person; answers what they were.
    pub(crate) async fn end_all_of(&self, sub: &str, why: SignedOutReason) -> Result<Vec<Found>> {
        let subject = hash(sub);
        let ended = self.end_group(Group::Subject(subject)).await?;
        self.tell(Whose::Subject(subject), What::Ended(why)).await;
        Ok(ended)
    }

    /// Ends the sessions that began in this session of the provider.
    pub(crate) async fn end_begun_in(&self, sid: &str, why: SignedOutReason) -> Result<()> {
        self.end_of_provider_session(hash(sid), why).await
    }

    async fn end_of_provider_session(&self, session: Key, why: SignedOutReason) -> Result<()> {
        self.end_group(Group::Sid(session)).await?;
        self.tell(Whose::Sid(session), What::Ended(why)).await;
        Ok(())
    }

    async fn end_group(&self, group: Group) -> Result<Vec<Found>> {
        let deleting = self.engine.delete_all_of(group);
        let ended = self.within("delete_all_of", deleting).await?;
        let found = |(key, row)| self.found(key, row);
        Ok(ended.into_iter().filter_map(found).collect())
    }

    /// Whether the person's sessions, or those of the provider's session, were ended at this moment or later. A sign-in asks
    /// it after its session is there, for whoever ended them before that did not see this one.
    pub(crate) async fn ended_since(
        &self,
        moment: Moment,
        sub: &str,
        sid: Option<&str>,
    ) -> Result<bool> {
        let index = Index {
            subject: Some(hash(sub)),
            sid: Some(provider_session(sub, sid)),
        };
        for group in index.groups() {
            let asking = self.engine.ended_since(group, moment);
            if self.within("ended_since", asking).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends the sessions of a person of which no session of the provider is known.
    pub(crate) async fn end_without_sid(&self, sub: &str, why: SignedOutReason) -> Result<()> {
        self.end_of_provider_session(provider_session(sub, None), why)
            .await
    }

    /// Ends a session that was found; answers what it was at its end, if nobody was faster.
    pub(crate) async fn end(&self, found: &Found, why: SignedOutReason) -> Result<Option<Found>> {
        self.end_one(found.key, why).await
    }

    /// Ends the session of this id; answers what it was at its end, if it was there.
    pub(crate) async fn end_of(&self, id: &Id, why: SignedOutReason) -> Result<Option<Found>> {
        self.end_one(key_of(id), why).await
    }

    async fn end_one(&self, key: Key, why: SignedOutReason) -> Result<Option<Found>> {
        let Some(row) = self.within("delete", self.engine.delete(&key)).await? else {
            return Ok(None);
        };
        self.tell(Whose::Session(key), What::Ended(why)).await;
        Ok(self.found(key, row))
    }

    /// Ends a session if nobody has saved it since this record was loaded; answers whether that was so.
    pub(crate) async fn end_unchanged(
        &self,
        record: &Record,
        why: SignedOutReason,
    ) -> Result<bool> {
        let Some(version) = version_of(record) else {
            return Ok(false);
        };
        let key = key_of(&record.id);
        let ended = self
            .within("delete_version", self.engine.delete_version(&key, version))
            .await?;
        if ended {
            self.tell(Whose::Session(key), What::Ended(why)).await;
        }
        Ok(ended)
    }

    /// Saves a record unless somebody has saved or ended the session since it was loaded; answers whether it was saved.
    pub(crate) async fn replace(&self, record: &Record) -> Result<bool> {
        if version_of(record).is_none() {
            return Ok(false);
        }
        let key = key_of(&record.id);
        self.within(
            "replace",
            self.engine.replace(&key, &self.seal(&key, record)),
        )
        .await
    }

    /// The sessions of a person that have not expired.
    pub(crate) async fn sessions_of(&self, sub: &str) -> Result<Vec<Found>> {
        let subject = hash(sub);
        let rows = self
            .within("rows_of", self.engine.rows_of(Group::Subject(subject)))
            .await?;
        let found = |(key, row)| {
            let found = self.found(key, row)?;
            // What the row was filed under counts only as far as its seal confirms it.
            let is_theirs = Belongs::read(&found.content)?.sub() == sub;
            is_theirs.then_some(found)
        };
        Ok(rows.into_iter().filter_map(found).collect())
    }

    /// The name of a session for the person whom it belongs to, as [`Found::handle`].
    pub(crate) fn handle(id: &Id) -> String {
        handle_of(&key_of(id))
    }

    /// Whether a one-time value was used before.
    pub(crate) async fn is_used(&self, value: &str) -> Result<bool> {
        self.within("is_used", self.engine.is_used(&hash(value)))
            .await
    }

    /// Remembers a one-time value until it is dead anyway; answers when that was, if this was its first use.
    pub(crate) async fn mark_used(&self, value: &str, expires_at: i64) -> Result<Option<Moment>> {
        self.within("mark_used", self.engine.mark_used(&hash(value), expires_at))
            .await
    }

    /// Deletes some of what has expired; returns how many.
    pub(crate) async fn sweep(&self) -> Result<u64> {
        let sweeping = tokio::time::timeout(SWEEPING, self.engine.sweep(self.clock.unix())).await;
        sweeping
            .unwrap_or(Err(EngineError::TimedOut))
            .map_err(backend)
    }

    /// How many sessions there are, as of the last sweep.
    pub(crate) async fn count(&self) -> Result<u64> {
        self.within("count", self.engine.count()).await
    }

    /// Hears what happens to sessions from now on.
    pub(crate) fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// By what notices name this session.
    pub(crate) fn names(id: &Id, sub: &str, sid: Option<&str>) -> Names {
        Names {
            session: key_of(id),
            subject: hash(sub),
            sid: provider_session(sub, sid),
        }
    }

    /// Tells open pages that a session's claims have changed.
    pub(crate) async fn tell_claims_changed(&self, id: &Id) {
        self.tell(Whose::Session(key_of(id)), What::ClaimsChanged)
            .await;
    }

    /// Tells this instance, then the others. A notice that is lost makes nobody signed in: streams also look by themselves.
    async fn tell(&self, whose: Whose, what: What) {
        let notice = Notice { whose, what };
        let _ = self.notices.send(notice);
        if let Err(cause) = self
            .within("tell_others", self.engine.tell_others(&notice.to_string()))
            .await
        {
            tracing::warn!(event = "store.notice_lost", %cause);
        }
    }

    /// An engine that hangs is a fault like one that is gone.
    async fn within<T>(
        &self,
        operation: &'static str,
        answer: impl Future<Output = std::result::Result<T, EngineError>>,
    ) -> Result<T> {
        let asked = Instant::now();
        let trace = telemetry::of_store(operation);
        let answer = tokio::time::timeout(PATIENCE, answer.instrument(trace.clone())).await;
        self.seconds.observe(operation, asked.elapsed());
        let answer = answer.unwrap_or(Err(EngineError::TimedOut));
        match &answer {
            Err(EngineError::TimedOut) => telemetry::note_error(&trace, "timed_out"),
            Err(_) => telemetry::note_error(&trace, "fault"),
            Ok(_) => {}
        }
        answer.map_err(backend)
    }

    /// How long the engine takes.
    pub(crate) fn measured(&self) -> &SecondsBy {
        &self.seconds
    }

    fn seal(&self, key: &Key, record: &Record) -> Row {
        // A record without content is nobody's session.
        let content = Content::of(&record.data).unwrap_or_default();
        Row {
            sealed: self.keys.seal(key, &content.pack()),
            expires_at: record.expiry_date.unix_timestamp(),
            version: version_of(record).unwrap_or_default(),
        }
    }

    fn found(&self, key: Key, row: Row) -> Option<Found> {
        let content = Content::unpack(&self.packed(&key, row)?)?;
        Some(Found { key, content })
    }

    /// Who is signed in by the session of this id, as JSON, if it has not ended: for who changes nothing.
    pub(crate) async fn who(&self, id: &Id) -> Result<Option<String>> {
        let key = key_of(id);
        let row = self.within("get", self.engine.get(&key)).await?;
        Ok(row.and_then(|row| Content::unpack_who(&self.packed(&key, row)?)))
    }

    /// The packed content of a session that has not ended.
    fn packed(&self, key: &Key, row: Row) -> Option<Vec<u8>> {
        if row.expires_at <= self.clock.unix() {
            return None;
        }
        self.keys.open(key, row.sealed)
    }

    fn data(&self, key: &Key, row: Row) -> Option<HashMap<String, Value>> {
        let version = row.version.into();
        let content = Content::unpack(&self.packed(key, row)?)?;
        Some(HashMap::from([
            (CONTENT.to_owned(), serde_json::to_value(content).ok()?),
            (RECORD_VERSION.to_owned(), version),
        ]))
    }
}

/// Which version of the row a record was loaded from; none if it was never loaded.
fn version_of(record: &Record) -> Option<i64> {
    record.data.get(RECORD_VERSION).and_then(Value::as_i64)
}

/// 128 random bits need no slow hash and no salt.
fn key_of(id: &Id) -> Key {
    hash(id.0.to_le_bytes())
}

/// What is looked up by equality needs no plain text. As many bits as a session id has.
fn hash(text: impl AsRef<[u8]>) -> Key {
    let digest: [u8; 32] = Sha256::digest(text).into();
    std::array::from_fn(|byte| digest[byte])
}

/// A session of the provider by its `sid`, or that of a person of which nothing is known.
fn provider_session(sub: &str, sid: Option<&str>) -> Key {
    match sid {
        Some(sid) => hash(sid),
        // Like no `sid` of a provider.
        None => hash(format!("unknown:{}", hex::encode(hash(sub)))),
    }
}

fn handle_of(key: &Key) -> String {
    let digest = Sha256::new_with_prefix("handle").chain_update(key);
    hex::encode(&digest.finalize()[..16])
}

/// The engine's own words stay in the log's cause; they hold no content, for content is sealed and bound as a parameter.
fn backend(error: EngineError) -> Error {
    Error::Backend(error.to_string())
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let key = key_of(&record.id);
        let belongs = Content::of(&record.data).as_ref().and_then(Belongs::read);
        let session = |belongs: &Belongs| provider_session(belongs.sub(), belongs.sid.as_deref());
        let index = Index {
            subject: belongs.as_ref().map(|belongs| hash(belongs.sub())),
            sid: belongs.as_ref().map(session),
        };
        self.within(
            "insert",
            self.engine.insert(&key, &self.seal(&key, record), &index),
        )
        .await
    }

    /// Whoever was faster has won: the middleware saves late, and what it holds may be old. What was just created or
    /// changed is in the store already, and the record then has no version.
    async fn save(&self, record: &Record) -> Result<()> {
        self.replace(record).await.map(|_| ())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let key = key_of(id);
        let row = self.within("get", self.engine.get(&key)).await?;
        Ok(row.and_then(|row| {
            Some(Record {
                id: *id,
                expiry_date: OffsetDateTime::from_unix_timestamp(row.expires_at).ok()?,
                data: self.data(&key, row)?,
            })
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.end_of(id, SignedOutReason::SignedOut)
            .await
            .map(|_| ())
    }
}

#[cfg(test)]
mod tests;
