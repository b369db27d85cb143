//! Sessions in a SQLite database on this machine.

use super::{ENDED_FOR, Holder, Moment, Result, Row, sql::sql_engine};
use crate::key::{Group, Hash, Index, SessionKey};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// A pool of connections.
pub(crate) struct Sqlite {
    pool: SqlitePool,
}

sql_engine!(Sqlite, "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)");

impl Sqlite {
    /// Opens the database. Creates the file and its folder if they do not exist, readable by the owner alone. A write is
    /// on the disk before it is acknowledged: after a power failure, no session comes back that was ended.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        prepare_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(Duration::from_secs(5))
            // No server can close the connection, so there is nothing to test.
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self { pool })
    }

    /// SQLite has no notifications: another process on this file sees a change when it next reads the session.
    #[expect(
        clippy::unused_async,
        reason = "PostgreSQL, which shares the statements, sends a notification here"
    )]
    async fn notify(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

/// `sealed` is opaque; the other columns are hashes, counts and times. The session table has row ids: without them a search
/// compares whole rows, and most rows lie on pages of their own.
const SCHEMA: &str = "
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS session_store_2_session (
        key BLOB PRIMARY KEY,
        sealed BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        subject BLOB,
        provider_session BLOB
    ) STRICT;
    CREATE INDEX IF NOT EXISTS session_store_2_session_expires_at ON session_store_2_session (expires_at);
    CREATE INDEX IF NOT EXISTS session_store_2_session_subject ON session_store_2_session (subject, expires_at);
    CREATE INDEX IF NOT EXISTS session_store_2_session_provider_session ON session_store_2_session (provider_session, expires_at);
    CREATE TABLE IF NOT EXISTS session_store_2_used (
        value BLOB PRIMARY KEY,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS session_store_2_used_expires_at ON session_store_2_used (expires_at);
    CREATE TABLE IF NOT EXISTS session_store_2_lease (
        key BLOB PRIMARY KEY,
        holder BLOB NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS session_store_2_ended (
        of BLOB PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
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
    // An existing file is not opened: closing it would release the POSIX locks of this process's connections to it.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
