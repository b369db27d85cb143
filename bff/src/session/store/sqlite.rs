//! Sessions in a SQLite database on this machine.

use super::{Key, Row};
use sqlx::{
    Row as _, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{path::Path, time::Duration};

/// How many rows one sweep deletes, so that it never holds the database for long.
const SWEEP: i64 = 1_000;

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
        sqlx::query(
            "CREATE TABLE IF NOT EXISTS session (
                 key BLOB PRIMARY KEY,
                 sealed BLOB NOT NULL,
                 subject BLOB,
                 expires_at INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID",
        )
        .execute(&pool)
        .await?;
        sqlx::query("CREATE INDEX IF NOT EXISTS session_expires_at ON session (expires_at)")
            .execute(&pool)
            .await?;
        sqlx::query("CREATE INDEX IF NOT EXISTS session_subject ON session (subject)")
            .execute(&pool)
            .await?;
        Ok(Self(pool))
    }

    pub(super) async fn insert(&self, key: &Key, row: &Row) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO session (key, sealed, subject, expires_at) VALUES (?, ?, ?, ?)")
            .bind(key.as_slice())
            .bind(row.sealed.as_slice())
            .bind(row.subject.as_ref().map(Key::as_slice))
            .bind(row.expires_at)
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn update(&self, key: &Key, row: &Row) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE session SET sealed = ?, subject = ?, expires_at = ? WHERE key = ?")
            .bind(row.sealed.as_slice())
            .bind(row.subject.as_ref().map(Key::as_slice))
            .bind(row.expires_at)
            .bind(key.as_slice())
            .execute(&self.0)
            .await
            .map(|_| ())
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Option<Row>, sqlx::Error> {
        let row = sqlx::query("SELECT sealed, subject, expires_at FROM session WHERE key = ?")
            .bind(key.as_slice())
            .fetch_optional(&self.0)
            .await?;
        row.map(read_row).transpose()
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

    pub(super) async fn sweep(&self, now: i64) -> Result<u64, sqlx::Error> {
        sqlx::query("DELETE FROM session WHERE key IN (SELECT key FROM session WHERE expires_at <= ? LIMIT ?)")
            .bind(now)
            .bind(SWEEP)
            .execute(&self.0)
            .await
            .map(|done| done.rows_affected())
    }
}

fn read_row(row: SqliteRow) -> Result<Row, sqlx::Error> {
    let subject: Option<Vec<u8>> = row.try_get(1)?;
    Ok(Row {
        sealed: row.try_get(0)?,
        subject: subject.and_then(|subject| subject.try_into().ok()),
        expires_at: row.try_get(2)?,
    })
}

fn prepare_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}
