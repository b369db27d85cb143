//! Sessions in a SQLite database on this machine.

mod readers;

use super::{
    engine::{ENDED_FOR, EngineError, Group, Holder, Index, Key, Moment, Row},
    sql::{NotHere, sql_engine},
};
use readers::Readers;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

type Result<T> = std::result::Result<T, EngineError>;

/// A pool of connections, and some that only read.
pub(super) struct SqliteRows {
    readers: Readers,
    pool: SqlitePool,
}

sql_engine!(
    SqliteRows,
    "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)"
);

impl SqliteRows {
    /// Opens the database; the file and its folder are made when they are not there, readable by the owner alone.
    /// A write is on the disk when it is answered: a machine that loses its power does not sign anybody in again.
    pub(super) async fn open(path: &Path) -> Result<Self> {
        prepare_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(Duration::from_secs(5))
            // A file does not hang up.
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        let readers = Readers::open(path)?;
        Ok(Self { readers, pool })
    }

    fn get_here(&self, key: &Key) -> std::result::Result<Option<Row>, NotHere> {
        self.readers.get(key)
    }

    /// Another process on this file hears nothing: its streams look by themselves now and then.
    #[expect(
        clippy::unused_async,
        reason = "PostgreSQL, whose statements are shared, has somebody to tell"
    )]
    async fn notify(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

/// `sealed` is opaque, the other columns are hashes, counts and times. Sessions are too long for a table without row ids: a
/// search in one compares whole rows, most of which lie on pages of their own.
const SCHEMA: &str = "
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS bff_session_4 (
        key BLOB PRIMARY KEY,
        sealed BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        subject BLOB,
        sid BLOB
    ) STRICT;
    CREATE INDEX IF NOT EXISTS bff_session_4_expires_at ON bff_session_4 (expires_at);
    CREATE INDEX IF NOT EXISTS bff_session_4_subject ON bff_session_4 (subject);
    CREATE INDEX IF NOT EXISTS bff_session_4_sid ON bff_session_4 (sid);
    CREATE TABLE IF NOT EXISTS bff_used_4 (
        value BLOB PRIMARY KEY,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS bff_used_4_expires_at ON bff_used_4 (expires_at);
    CREATE TABLE IF NOT EXISTS bff_lease_4 (
        key BLOB PRIMARY KEY,
        holder BLOB NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS bff_ended_4 (
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
    // One that is there is not opened: to close it would drop the locks of connections that this process has to it.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
