//! Sessions in a SQLite database on this machine.

use super::{Index, Key, Row};
use sqlx::{
    Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// How many rows one statement of a sweep deletes, so that none holds the database for long.
const BATCH: i64 = 1_000;

/// A pool of connections.
#[derive(Clone)]
pub(super) struct SqliteRows(SqlitePool);

impl SqliteRows {
    /// Opens the database; the file and its folder are made when they are not there, readable by the owner alone.
    pub(super) async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        prepare_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await?;
        let version: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&pool)
            .await?;
        if version != SCHEMA_VERSION {
            sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        }
        Ok(Self(pool))
    }

    pub(super) async fn insert(
        &self,
        key: &Key,
        row: &Row,
        index: &Index,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO session (key, sealed, expires_at, subject, sid) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(key.as_slice())
        .bind(row.sealed.as_slice())
        .bind(row.expires_at)
        .bind(index.subject.as_ref().map(Key::as_slice))
        .bind(index.sid.as_ref().map(Key::as_slice))
        .execute(&self.0)
        .await
        .map(|_| ())
    }

    pub(super) async fn update(&self, key: &Key, row: &Row) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE session SET sealed = ?, expires_at = ? WHERE key = ?")
            .bind(row.sealed.as_slice())
            .bind(row.expires_at)
            .bind(key.as_slice())
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Option<Row>, sqlx::Error> {
        let row = sqlx::query("SELECT sealed, expires_at FROM session WHERE key = ?")
            .bind(key.as_slice())
            .fetch_optional(&self.0)
            .await?;
        row.map(|row| {
            Ok(Row {
                sealed: row.try_get(0)?,
                expires_at: row.try_get(1)?,
            })
        })
        .transpose()
    }

    pub(super) async fn delete(&self, key: &Key) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM session WHERE key = ?")
            .bind(key.as_slice())
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn delete_all_of(&self, subject: &Key) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM session WHERE subject = ?")
            .bind(subject.as_slice())
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn delete_begun_in(&self, sid: &Key) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM session WHERE sid = ?")
            .bind(sid.as_slice())
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn is_used(&self, value: &Key) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM used WHERE value = ?)")
            .bind(value.as_slice())
            .fetch_one(&self.0)
            .await
    }

    pub(super) async fn mark_used(
        &self,
        value: &Key,
        expires_at: i64,
    ) -> Result<bool, sqlx::Error> {
        sqlx::query("INSERT INTO used (value, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(value.as_slice())
            .bind(expires_at)
            .execute(&self.0)
            .await
            .map(|done| done.rows_affected() == 1)
    }

    /// Returns how many sessions went.
    pub(super) async fn sweep(&self, now: i64) -> Result<u64, sqlx::Error> {
        self.delete_in_batches(now, "DELETE FROM used WHERE value IN (SELECT value FROM used WHERE expires_at <= ? LIMIT ?)")
            .await?;
        self.delete_in_batches(now, "DELETE FROM session WHERE key IN (SELECT key FROM session WHERE expires_at <= ? LIMIT ?)")
            .await
    }

    async fn delete_in_batches(
        &self,
        now: i64,
        statement: &'static str,
    ) -> Result<u64, sqlx::Error> {
        let mut deleted = 0;
        loop {
            let batch = sqlx::query(statement)
                .bind(now)
                .bind(BATCH)
                .execute(&self.0)
                .await?
                .rows_affected();
            deleted += batch;
            if batch < BATCH.unsigned_abs() {
                return Ok(deleted);
            }
        }
    }
}

/// The number of [`SCHEMA`]'s shape: a change of the tables takes the next one.
const SCHEMA_VERSION: i64 = 2;

/// `sealed` is opaque, the other columns are hashes and times. Tables of another version go: people sign in again.
const SCHEMA: &str = "
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS session;
    DROP TABLE IF EXISTS used;
    CREATE TABLE session (
        key BLOB PRIMARY KEY,
        sealed BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        subject BLOB,
        sid BLOB
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_expires_at ON session (expires_at);
    CREATE INDEX session_subject ON session (subject);
    CREATE INDEX session_sid ON session (sid);
    CREATE TABLE used (
        value BLOB PRIMARY KEY,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 2;
    COMMIT;
";

fn prepare_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}
