//! Opens the database: a file that only its owner can read, or memory. Creates the schema if it is missing.

use crate::store::Store;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

/// Why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file or its folder cannot be created.
    #[error("cannot create {path}: {source}")]
    Folder {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// SQLite returned an error.
    #[error("cannot open the database: {0}")]
    Sqlite(#[from] sqlx::Error),
}

impl Store {
    /// Opens a file. Creates it and its folder if they are missing.
    pub(crate) async fn open_file(path: &Path) -> Result<Self, DatabaseError> {
        make_private_file(path).map_err(|source| DatabaseError::Folder {
            path: path.to_owned(),
            source,
        })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5));
        Self::connect(options, SqlitePoolOptions::new().max_connections(4)).await
    }

    /// Opens a database in memory. It exists until the last clone of the store is dropped.
    pub(crate) async fn open_memory() -> Result<Self, DatabaseError> {
        // Each connection would have its own database, so there is exactly one, and it is never closed.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        Self::connect(SqliteConnectOptions::new().in_memory(true), pool).await
    }

    async fn connect(
        options: SqliteConnectOptions,
        pool: SqlitePoolOptions,
    ) -> Result<Self, DatabaseError> {
        let pool: SqlitePool = pool.connect_with(options.foreign_keys(true)).await?;
        sqlx::raw_sql(include_str!("schema.sql"))
            .execute(&pool)
            .await?;
        Ok(Self {
            pool,
            swept_at: Arc::new(AtomicI64::new(0)),
        })
    }
}

/// Only the owner may read the file, because it contains the signing key. SQLite gives its side files the same mode.
fn make_private_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
