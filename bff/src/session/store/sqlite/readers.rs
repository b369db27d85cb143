//! Reads a session's row in the thread that asks: sqlx has a thread for each connection, and to wake it and be woken by it
//! takes longer than to read a row. Both libraries are one and the same SQLite in this process, and ask the same file.
//!
//! A read is a transaction of its own, which sees what was committed before it began and is over when the row is here; in WAL
//! mode it waits for no writer, and no writer waits for it. What was read is kept until anybody writes (`readers/row_cache.rs`).

mod row_cache;

use super::super::{
    engine::{Key, Row},
    sql::{NotHere, SELECT_ROW},
};
use row_cache::RowCache;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// One for each thread of the runtime, but not more than this.
const MOST: usize = 8;

/// Connections that only read, and the file that they read.
pub(super) struct Readers {
    connections: Vec<Mutex<Connection>>,
    cache: RowCache,
    path: PathBuf,
    file: FileId,
}

/// Which file a path leads to: its device and its number there.
type FileId = (u64, u64);

fn file_at(path: &Path) -> Option<FileId> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

impl Readers {
    /// Opens them on a database that is there.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let readers = (0..threads.min(MOST)).map(|_| open(path));
        Ok(Self {
            // Before the cache: from now on no other connection's end takes the WAL index away.
            connections: readers.collect::<rusqlite::Result<_>>()?,
            cache: RowCache::over(path),
            file: file_at(path).ok_or(rusqlite::Error::InvalidPath(path.to_owned()))?,
            path: path.to_owned(),
        })
    }

    /// The row as it is now, unless every reader is taken or the database has it not ready at once. Where another file has come into
    /// the place of the one that was opened, its rows are not those that count any more.
    pub(super) fn get(&self, key: &Key) -> Result<Option<Row>, NotHere> {
        if file_at(&self.path) != Some(self.file) {
            return Err(NotHere);
        }
        self.cache.get_or_read(key, || self.read(key))
    }

    fn read(&self, key: &Key) -> Result<Option<Row>, NotHere> {
        let reader = self.free().ok_or(NotHere)?;
        let mut select = reader.prepare_cached(SELECT_ROW).map_err(|_| NotHere)?;
        let row = select.query_row([key.as_slice()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        let row = row.optional().map_err(|_| NotHere)?;
        Ok(row.map(<(Vec<u8>, i64, i64)>::into))
    }

    /// This thread's own, unless it is taken: what one thread has allocated, another one does not free as fast.
    fn free(&self) -> Option<MutexGuard<'_, Connection>> {
        let own = OWN.with(|own| own % self.connections.len());
        let (before, from_own) = self.connections.split_at(own);
        let mut readers = from_own.iter().chain(before);
        readers.find_map(|reader| reader.try_lock().ok())
    }
}

static THREADS: AtomicUsize = AtomicUsize::new(0);
thread_local! {
    /// This thread's number.
    static OWN: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

fn open(path: &Path) -> rusqlite::Result<Mutex<Connection>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // A thread of the runtime waits for nobody.
    connection.busy_timeout(Duration::ZERO)?;
    // The first read takes a lock on the file that a connection keeps until it is closed. Without it, the last of the others to
    // be closed would delete the log and its index.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(Mutex::new(connection))
}

#[cfg(test)]
mod tests {
    use super::super::{
        super::engine::{Engine, Index},
        SqliteRows,
    };
    use super::*;

    const KEY: Key = [7; 16];

    struct Place {
        rows: SqliteRows,
        /// Somebody else on the same file.
        other: Connection,
        folder: tempfile::TempDir,
    }

    impl Place {
        /// With one row of version 0 that says "first".
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("sessions.sqlite");
            let rows = SqliteRows::open(&path).await.unwrap();
            rows.insert(&KEY, &row("first", 0), &nobodys())
                .await
                .unwrap();
            let other = Connection::open(&path).unwrap();
            Self {
                rows,
                other,
                folder,
            }
        }

        /// What the readers say, and nobody else.
        fn read(&self) -> Option<(Vec<u8>, i64)> {
            let row = self.rows.readers.get(&KEY).ok().expect("a free reader");
            row.map(|row| (row.sealed, row.version))
        }
    }

    fn row(sealed: &str, version: i64) -> Row {
        (sealed.into(), 1_000, version).into()
    }

    /// A database that has a WAL index, which is there while somebody has it open.
    fn in_wal_mode(path: &Path) -> Connection {
        let database = Connection::open(path).unwrap();
        let begin = "PRAGMA journal_mode = WAL; CREATE TABLE nothing_of_ours (number INTEGER)";
        database.execute_batch(begin).unwrap();
        database
    }

    fn nobodys() -> Index {
        Index {
            subject: None,
            sid: None,
        }
    }

    #[tokio::test]
    async fn what_was_committed_anywhere_is_seen_by_the_very_next_read() {
        let place = Place::new().await;
        assert_eq!(place.read(), Some((b"first".to_vec(), 0)));
        assert!(place.rows.replace(&KEY, &row("second", 0)).await.unwrap());
        assert_eq!(place.read(), Some((b"second".to_vec(), 1)));

        let change = "UPDATE bff_session_4 SET sealed = x'33', version = version + 1";
        place.other.execute(change, []).unwrap();
        assert_eq!(place.read(), Some((b"3".to_vec(), 2)));
        place
            .other
            .execute("DELETE FROM bff_session_4", [])
            .unwrap();
        assert_eq!(place.read(), None);
    }

    #[tokio::test]
    async fn a_write_that_is_not_committed_is_neither_seen_nor_waited_for() {
        let mut place = Place::new().await;
        let writing = place.other.transaction().unwrap();
        writing.execute("DELETE FROM bff_session_4", []).unwrap();
        let row = place.rows.readers.get(&KEY).ok().expect("a free reader");
        assert_eq!(row.unwrap().sealed, b"first");
        writing.commit().unwrap();
        assert_eq!(place.read(), None);
    }

    /// One that stayed open would show an old row, and let the write-ahead log grow without end.
    #[tokio::test]
    async fn a_read_is_over_when_the_row_is_here() {
        let place = Place::new().await;
        assert!(place.read().is_some());
        place.other.busy_timeout(Duration::ZERO).unwrap();
        let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
        let kept_out: i64 = place
            .other
            .query_row(truncate, [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept_out, 0);
    }

    #[tokio::test]
    async fn the_end_of_all_other_connections_does_not_hide_what_is_written_after_it() {
        let place = Place::new().await;
        place.rows.pool.close().await;
        place.other.close().unwrap();
        let other = Connection::open(place.folder.path().join("sessions.sqlite")).unwrap();
        let read = || place.rows.readers.get(&KEY).ok().expect("a free reader");
        assert!(read().is_some());
        other.execute("DELETE FROM bff_session_4", []).unwrap();
        assert!(read().is_none());
    }

    #[tokio::test]
    async fn a_link_leads_to_the_database_and_to_its_log() {
        let another = Place::new().await;
        let folder = &another.folder;
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&real, "").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let of_another = folder.path().join("sessions.sqlite-shm");
        std::fs::copy(of_another, folder.path().join("link-shm")).unwrap();
        let rows = SqliteRows::open(&link).await.unwrap();
        rows.insert(&KEY, &row("first", 0), &nobodys())
            .await
            .unwrap();
        for _ in 0..2 {
            assert!(matches!(rows.readers.get(&KEY), Ok(Some(_))));
        }
        rows.delete(&KEY).await.unwrap();
        assert!(matches!(rows.readers.get(&KEY), Ok(None)));
    }

    #[tokio::test]
    async fn when_every_reader_is_taken_the_pool_answers() {
        let place = Place::new().await;
        let readers = &place.rows.readers;
        let taken: Vec<_> = readers
            .connections
            .iter()
            .map(|one| one.lock().unwrap())
            .collect();
        assert!(readers.get(&KEY).is_err());
        let row = place.rows.get(&KEY).await.unwrap().unwrap();
        assert_eq!(row.sealed, b"first");
        drop(taken);
        assert!(place.read().is_some());
    }

    #[tokio::test]
    async fn when_a_reader_fails_the_pool_answers() {
        let mut place = Place::new().await;
        let without_tables = place.folder.path().join("another.sqlite");
        let _held_open = in_wal_mode(&without_tables);
        place.rows.readers = Readers::open(&without_tables).unwrap();
        assert!(place.rows.readers.get(&KEY).is_err());
        let row = place.rows.get(&KEY).await.unwrap().unwrap();
        assert_eq!(row.sealed, b"first");
    }

    #[tokio::test]
    async fn a_file_that_came_in_the_place_of_the_first_one_is_left_to_the_pool() {
        let place = Place::new().await;
        assert!(place.read().is_some());
        let path = place.folder.path().join("sessions.sqlite");
        std::fs::rename(&path, path.with_extension("old")).unwrap();
        assert!(place.rows.readers.get(&KEY).is_err(), "it is gone");
        std::fs::write(&path, "").unwrap();
        assert!(place.rows.readers.get(&KEY).is_err(), "it is another");
    }
}
