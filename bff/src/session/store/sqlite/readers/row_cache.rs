//! Rows that were read, until anybody writes: a read transaction takes locks that all threads share, and a page asks for its
//! session again and again.
//!
//! What tells that nobody has written is what tells SQLite's own readers, the header of the WAL index in the file `-shm`
//! (<https://sqlite.org/walformat.html>, section 2.1). It counts commits and says where the last one ends, so a commit of any
//! connection in any process has changed it before it is answered. Writers change it in shared memory; on Linux and macOS a
//! read of the file is a read of that memory.
//!
//! A row that was read after the header said something is not older than that, and while the header still says the same it is
//! the row that a transaction would read now.

use super::super::super::{
    engine::{Key, Row},
    sql::NotHere,
};
use std::{
    collections::HashMap,
    fs::File,
    io,
    mem::ManuallyDrop,
    ops::Range,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The header is there twice. The copies differ while it is being written.
const COPY: usize = 48;
type Header = [u8; 2 * COPY];
/// What a log has of its own, from its first commit on.
const SALTS: Range<usize> = 32..40;
/// The version of the WAL index that this knows, at the beginning of each copy. Of another one nothing is kept.
const VERSION: [u8; 4] = 3_007_000_u32.to_ne_bytes();
/// Well under one megabyte of usual sessions.
const MOST_ROWS: usize = 1_000;

pub(super) struct RowCache {
    /// Never closed: to close a file drops the locks that this process has on it (POSIX), and those on this one are SQLite's
    /// (<https://sqlite.org/howtocorrupt.html>, section 2.2). Nobody replaces it while a connection is open that has read.
    ///
    /// None where SQLite keeps no such file, as on a disk that cannot be shared; then nothing is kept.
    wal_index: Option<ManuallyDrop<File>>,
    rows: Mutex<Rows>,
}

/// All of them were read when the header said this, or later.
#[derive(Default)]
struct Rows {
    header: Option<Header>,
    by_key: HashMap<Key, Row>,
}

impl RowCache {
    /// For a database in WAL mode that a connection of this process has read and keeps open until the end.
    pub(super) fn over(database: &Path) -> Self {
        Self {
            wal_index: open_wal_index(database).ok().map(ManuallyDrop::new),
            rows: Mutex::default(),
        }
    }

    /// The row as it is in the database now. That there is none is not kept: nobody asks for that again and again.
    pub(super) fn get_or_read(
        &self,
        key: &Key,
        read: impl FnOnce() -> Result<Option<Row>, NotHere>,
    ) -> Result<Option<Row>, NotHere> {
        let Some(header) = self.header() else {
            return read();
        };
        let mut rows = self.rows();
        // A thread that comes late with an older header empties it, too. That costs a read, and shows nothing old.
        if rows.header != Some(header) {
            rows.by_key.clear();
            rows.header = Some(header);
        }
        if let Some(row) = rows.by_key.get(key) {
            return Ok(Some(row.clone()));
        }
        drop(rows);
        let read = read()?;
        if let Some(row) = &read {
            self.keep(&header, key, row);
        }
        Ok(read)
    }

    /// Keeps a row that was read after this header, unless somebody has seen another header meanwhile.
    fn keep(&self, header: &Header, key: &Key, row: &Row) {
        let mut rows = self.rows();
        if rows.header.as_ref() != Some(header) {
            return;
        }
        // Writes empty it much more often.
        if rows.by_key.len() == MOST_ROWS {
            rows.by_key.clear();
        }
        rows.by_key.insert(*key, row.clone());
    }

    /// What the header says; nothing while it is being written.
    fn header(&self) -> Option<Header> {
        let mut header = [0; 2 * COPY];
        let wal_index = self.wal_index.as_ref()?;
        wal_index.read_exact_at(&mut header, 0).ok()?;
        let (first, second) = header.split_at(COPY);
        let is_known = first == second && first.starts_with(&VERSION);
        // A log without salts is empty: of one that became empty anew its index says the same as before.
        (is_known && first[SALTS] != [0; 8]).then_some(header)
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Beside the file itself, wherever links to it are.
fn open_wal_index(database: &Path) -> io::Result<File> {
    let mut path = database.canonicalize()?.into_os_string();
    path.push("-shm");
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    struct Place {
        cache: RowCache,
        /// Writes to the database.
        other: Connection,
        _folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("sessions.sqlite");
            let other = Connection::open(&path).unwrap();
            let create = "PRAGMA journal_mode = WAL; CREATE TABLE writes (number INTEGER)";
            other.execute_batch(create).unwrap();
            Self {
                cache: RowCache::over(&path),
                other,
                _folder: folder,
            }
        }

        fn write(&self) {
            let write = "INSERT INTO writes VALUES (1)";
            self.other.execute(write, []).unwrap();
        }

        /// What is got when a read would bring this version.
        fn get(&self, key: u8, version: i64) -> i64 {
            let read = || Ok(Some(row(version)));
            let row = self.cache.get_or_read(&[key; 16], read);
            row.ok().flatten().unwrap().version
        }
    }

    fn row(version: i64) -> Row {
        (Vec::new(), 0, version).into()
    }

    #[test]
    fn a_row_is_read_once_until_somebody_writes() {
        let place = Place::new();
        assert_eq!([place.get(1, 10), place.get(1, 11)], [10, 10]);
        place.write();
        assert_eq!([place.get(1, 12), place.get(1, 13)], [12, 12]);
        assert_eq!([place.get(2, 20), place.get(1, 14)], [20, 12]);
    }

    #[test]
    fn what_is_not_committed_changes_nothing() {
        let mut place = Place::new();
        assert_eq!(place.get(1, 10), 10);
        let writing = place.other.transaction().unwrap();
        let write = "INSERT INTO writes VALUES (1)";
        writing.execute(write, []).unwrap();
        let read = || Ok(Some(row(11)));
        let got = place.cache.get_or_read(&[1; 16], read);
        assert_eq!(got.ok().flatten().unwrap().version, 10);
        writing.commit().unwrap();
        assert_eq!(place.get(1, 12), 12);
    }

    #[test]
    fn a_write_is_noticed_when_the_log_begins_anew_after_a_checkpoint() {
        let place = Place::new();
        assert_eq!(place.get(1, 10), 10);
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        place.other.execute_batch(checkpoint).unwrap();
        let after_it = place.get(1, 11);
        place.write();
        assert_eq!(place.get(1, 12), 12, "it was {after_it}");
    }

    #[test]
    fn what_was_read_while_somebody_wrote_is_not_kept() {
        let place = Place::new();
        let overtaken = place.cache.get_or_read(&[1; 16], || {
            place.write();
            Ok(Some(row(10)))
        });
        assert_eq!(overtaken.ok().flatten().unwrap().version, 10);
        assert_eq!(place.get(1, 11), 11);

        // Another thread has seen the new header, and this one comes late with what it read before.
        place.write();
        let late = place.cache.get_or_read(&[1; 16], || {
            place.write();
            place.get(2, 20);
            Ok(Some(row(12)))
        });
        assert_eq!(late.ok().flatten().unwrap().version, 12);
        assert_eq!(place.get(1, 13), 13);
    }

    #[test]
    fn an_absent_row_and_a_read_that_failed_are_not_kept() {
        let place = Place::new();
        let absent = place.cache.get_or_read(&[1; 16], || Ok(None));
        assert!(matches!(absent, Ok(None)));
        let failed = place.cache.get_or_read(&[1; 16], || Err(NotHere));
        assert!(failed.is_err());
        assert_eq!(place.get(1, 10), 10);
    }

    #[test]
    fn at_most_a_thousand_rows_are_kept() {
        let place = Place::new();
        for number in 0..=MOST_ROWS {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_le_bytes());
            assert!(place.cache.get_or_read(&key, || Ok(Some(row(1)))).is_ok());
        }
        assert_eq!(place.cache.rows().by_key.len(), 1);
    }

    /// A cache over a header that is written by hand.
    fn with_header(header: &[u8]) -> RowCache {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("by-hand.sqlite");
        std::fs::write(&path, "").unwrap();
        std::fs::write(folder.path().join("by-hand.sqlite-shm"), header).unwrap();
        RowCache::over(&path)
    }

    fn keeps(cache: &RowCache) -> bool {
        let mut reads = 0;
        for _ in 0..2 {
            let row = cache.get_or_read(&[1; 16], || {
                reads += 1;
                Ok(Some(row(1)))
            });
            assert!(matches!(row, Ok(Some(_))));
        }
        reads == 1
    }

    #[test]
    fn over_a_header_of_another_version_or_one_that_is_being_written_nothing_is_kept() {
        let known = Place::new().cache.header().unwrap();
        assert!(keeps(&with_header(&known)));
        let mut newer = known;
        for copy in [0, COPY] {
            newer[copy..copy + 4].copy_from_slice(&3_008_000_u32.to_ne_bytes());
        }
        assert!(!keeps(&with_header(&newer)));
        let torn = [&known[..COPY], &[0; COPY]].concat();
        assert!(!keeps(&with_header(&torn)));
        assert!(!keeps(&with_header(&known[..COPY])));
        assert!(!keeps(&RowCache::over("no such database".as_ref())));
        let mut empty = known;
        for copy in [0, COPY] {
            empty[copy..][SALTS].fill(0);
        }
        assert!(!keeps(&with_header(&empty)));
    }
}
