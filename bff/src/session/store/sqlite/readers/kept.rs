//! Rows that were read a moment ago, for as long as nobody has written to the database: a read transaction takes locks that
//! all threads share, and a page asks for its session again and again.
//!
//! What tells that nobody has written is SQLite's own word for its own readers, the header of the WAL index in the file
//! `-shm` (<https://sqlite.org/walformat.html>, section 2.1). A commit of any connection in any process has changed it before it
//! is answered, for the header counts commits and says where the last one ends. It is in shared memory, and a read of the
//! file is a read of that memory.
//!
//! So a row that was read after the header said this is not older than the header, and when the header still says the same it is
//! the row that a transaction would read now.

use super::super::super::{
    engine::{Key, Row},
    sql::NotHere,
};
use std::{
    collections::HashMap,
    fs::File,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Both copies of the header. They differ while it is being written.
type Header = [u8; 96];
/// The version of the WAL index that this knows, at the beginning of each copy. Of another one nothing is kept.
const VERSION: [u8; 4] = 3_007_000_u32.to_ne_bytes();
/// One and a half megabytes.
const MOST_ROWS: usize = 1_000;

pub(super) struct Kept {
    wal_index: File,
    rows: Mutex<Rows>,
}

/// All of them were read when the header said this, or later.
struct Rows {
    header: Option<Header>,
    by_key: HashMap<Key, Row>,
}

impl Kept {
    /// For a database in WAL mode that some connection of this process has open until the end.
    pub(super) fn open(database: &Path) -> std::io::Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Ok(Self {
            wal_index: File::open(path)?,
            rows: Mutex::new(Rows {
                header: None,
                by_key: HashMap::new(),
            }),
        })
    }

    /// The row, as it is in the database now.
    pub(super) fn or_read(
        &self,
        key: &Key,
        read: impl FnOnce() -> Result<Option<Row>, NotHere>,
    ) -> Result<Option<Row>, NotHere> {
        let Some(header) = self.header() else {
            return read();
        };
        let mut rows = self.rows();
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
        if rows.by_key.len() == MOST_ROWS {
            rows.by_key.clear();
        }
        rows.by_key.insert(*key, row.clone());
    }

    /// What the header says; nothing while it is being written.
    fn header(&self) -> Option<Header> {
        let mut header = [0; 96];
        self.wal_index.read_exact_at(&mut header, 0).ok()?;
        let (first, second) = header.split_at(48);
        (first == second && first.starts_with(&VERSION)).then_some(header)
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    struct Place {
        kept: Kept,
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
                kept: Kept::open(&path).unwrap(),
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
            let row = self.kept.or_read(&[key; 32], read);
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
    fn what_is_not_committed_changes_nothing_and_a_checkpoint_does_no_harm() {
        let mut place = Place::new();
        assert_eq!(place.get(1, 10), 10);
        let writing = place.other.transaction().unwrap();
        writing
            .execute("INSERT INTO writes VALUES (1)", [])
            .unwrap();
        let read = || Ok(Some(row(11)));
        let got = place.kept.or_read(&[1; 32], read);
        assert_eq!(got.ok().flatten().unwrap().version, 10);
        writing.commit().unwrap();
        assert_eq!(place.get(1, 12), 12);
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        place.other.execute_batch(checkpoint).unwrap();
        place.write();
        assert_eq!(place.get(1, 13), 13);
    }

    #[test]
    fn what_was_read_while_somebody_wrote_is_not_kept() {
        let place = Place::new();
        let overtaken = place.kept.or_read(&[1; 32], || {
            place.write();
            Ok(Some(row(10)))
        });
        assert_eq!(overtaken.ok().flatten().unwrap().version, 10);
        assert_eq!(place.get(1, 11), 11);

        // Another thread has seen the new header, and this one comes late with what it read before.
        place.write();
        let late = place.kept.or_read(&[1; 32], || {
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
        let absent = place.kept.or_read(&[1; 32], || Ok(None));
        assert!(matches!(absent, Ok(None)));
        let failed = place.kept.or_read(&[1; 32], || Err(NotHere));
        assert!(failed.is_err());
        assert_eq!(place.get(1, 10), 10);
    }

    #[test]
    fn there_is_a_most() {
        let place = Place::new();
        for number in 0..=MOST_ROWS {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_le_bytes());
            assert!(place.kept.or_read(&key, || Ok(Some(row(1)))).is_ok());
        }
        assert_eq!(place.kept.rows().by_key.len(), 1);
    }

    #[test]
    fn of_an_index_that_is_not_known_nothing_is_kept() {
        let place = Place::new();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("another.sqlite");
        let mut header = place.kept.header().unwrap();
        for (version, is_known) in [(3_007_000_u32, true), (3_008_000, false)] {
            for copy in [0, 48] {
                header[copy..copy + 4].copy_from_slice(&version.to_ne_bytes());
            }
            std::fs::write(path.with_extension("sqlite-shm"), header).unwrap();
            let kept = Kept::open(&path).unwrap();
            assert_eq!(kept.header().is_some(), is_known);
        }
        let torn = [&header[..48], &[0; 48]].concat();
        std::fs::write(path.with_extension("sqlite-shm"), torn).unwrap();
        assert_eq!(Kept::open(&path).unwrap().header(), None);
    }
}
