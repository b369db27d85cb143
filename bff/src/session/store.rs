//! Where sessions are kept. A session is found under a hash of its id and its content is sealed, so that a
//! stolen store opens no session and shows no token.
//!
//! Three properties that the middleware does not promise are made here, once for all engines: a save
//! never revives a session that was ended meanwhile, what has expired is not loaded, and what cannot be
//! read (another key, another version) is as good as absent.

mod memory;
mod sqlite;

use super::{keys::Keys, signed_in};
use crate::config::StoreConfig;
use async_trait::async_trait;
use clock::Clock;
use memory::MemoryRows;
use sha2::{Digest, Sha256};
use sqlite::SqliteRows;
use std::fmt;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The hash of a session id.
type Key = [u8; 32];

/// What an engine keeps of a session: sealed content, and when it ends.
#[derive(Clone)]
struct Row {
    sealed: Vec<u8>,
    /// Seconds since 1970.
    expires_at: i64,
}

/// By what a session is found besides its id. It never changes while the session lives.
struct Index {
    /// The hash of the person's `sub`, to end all of their sessions.
    subject: Option<Key>,
    /// The hash of the provider's `sid`, to end the sessions that began in it.
    sid: Option<Key>,
}

/// A session store of any engine.
#[derive(Clone)]
pub(crate) struct Store {
    rows: Rows,
    keys: Keys,
    clock: Clock,
}

#[derive(Clone)]
enum Rows {
    Memory(MemoryRows),
    Sqlite(SqliteRows),
}

impl Store {
    /// Opens the engine that the setting names.
    pub(crate) async fn open(
        config: &StoreConfig,
        keys: Keys,
        clock: Clock,
    ) -> std::result::Result<Self, sqlx::Error> {
        let rows = match config {
            StoreConfig::Memory => Rows::Memory(MemoryRows::default()),
            StoreConfig::Sqlite(path) => Rows::Sqlite(SqliteRows::open(path).await?),
        };
        Ok(Self { rows, keys, clock })
    }

    /// Whether the engine answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        self.get(&[0; 32]).await.map(|_| ())
    }

    /// Ends every session of a person.
    pub(crate) async fn delete_all_of(&self, sub: &str) -> Result<()> {
        match &self.rows {
            Rows::Memory(rows) => rows.delete_all_of(&hash(sub)),
            Rows::Sqlite(rows) => rows.delete_all_of(&hash(sub)).await.map_err(backend)?,
        }
        Ok(())
    }

    /// Ends the sessions that began in this session of the provider.
    pub(crate) async fn delete_begun_in(&self, sid: &str) -> Result<()> {
        match &self.rows {
            Rows::Memory(rows) => rows.delete_begun_in(&hash(sid)),
            Rows::Sqlite(rows) => rows.delete_begun_in(&hash(sid)).await.map_err(backend)?,
        }
        Ok(())
    }

    /// Whether a one-time value was used before.
    pub(crate) async fn is_used(&self, value: &str) -> Result<bool> {
        match &self.rows {
            Rows::Memory(rows) => Ok(rows.is_used(&hash(value))),
            Rows::Sqlite(rows) => rows.is_used(&hash(value)).await.map_err(backend),
        }
    }

    /// Remembers a one-time value until it is dead anyway; answers whether this was its first use.
    pub(crate) async fn mark_used(&self, value: &str, expires_at: i64) -> Result<bool> {
        match &self.rows {
            Rows::Memory(rows) => Ok(rows.mark_used(hash(value), expires_at)),
            Rows::Sqlite(rows) => rows
                .mark_used(&hash(value), expires_at)
                .await
                .map_err(backend),
        }
    }

    /// Deletes some of what has expired; returns how many.
    pub(crate) async fn sweep(&self) -> Result<u64> {
        let now = self.clock.unix();
        match &self.rows {
            Rows::Memory(rows) => Ok(rows.sweep(now)),
            Rows::Sqlite(rows) => rows.sweep(now).await.map_err(backend),
        }
    }

    async fn insert(&self, key: &Key, row: Row, index: Index) -> Result<()> {
        match &self.rows {
            Rows::Memory(rows) => rows.insert(*key, row, index),
            Rows::Sqlite(rows) => rows.insert(key, &row, &index).await.map_err(backend)?,
        }
        Ok(())
    }

    /// Replaces a row that is there; one that is gone stays gone.
    async fn update(&self, key: &Key, row: Row) -> Result<()> {
        match &self.rows {
            Rows::Memory(rows) => rows.update(key, row),
            Rows::Sqlite(rows) => rows.update(key, &row).await.map_err(backend)?,
        }
        Ok(())
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>> {
        match &self.rows {
            Rows::Memory(rows) => Ok(rows.get(key)),
            Rows::Sqlite(rows) => rows.get(key).await.map_err(backend),
        }
    }

    fn seal(&self, key: &Key, record: &Record) -> Result<Row> {
        let plain =
            serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Row {
            sealed: self.keys.seal(key, &plain),
            expires_at: record.expiry_date.unix_timestamp(),
        })
    }

    fn open_row(&self, id: Id, key: &Key, row: &Row) -> Option<Record> {
        if row.expires_at <= self.clock.unix() {
            return None;
        }
        let data = serde_json::from_slice(&self.keys.open(key, &row.sealed)?).ok()?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at).ok()?;
        Some(Record {
            id,
            data,
            expiry_date,
        })
    }
}

/// 128 random bits need no slow hash and no salt.
fn key_of(id: &Id) -> Key {
    Sha256::digest(id.0.to_le_bytes()).into()
}

/// What is looked up by equality needs no plain text.
fn hash(text: &str) -> Key {
    Sha256::digest(text).into()
}

/// The engine's own words stay in the log's cause; they hold no content, for content is sealed and bound as a parameter.
fn backend(error: sqlx::Error) -> Error {
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
        let claim = |place| signed_in::claim_of(&record.data, place).map(hash);
        let index = Index {
            subject: claim("/claims/sub"),
            sid: claim("/sid"),
        };
        self.insert(&key, self.seal(&key, record)?, index).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let key = key_of(&record.id);
        self.update(&key, self.seal(&key, record)?).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let key = key_of(id);
        let row = self.get(&key).await?;
        Ok(row.and_then(|row| self.open_row(*id, &key, &row)))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        match &self.rows {
            Rows::Memory(rows) => rows.delete(&key_of(id)),
            Rows::Sqlite(rows) => rows.delete(&key_of(id)).await.map_err(backend)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
