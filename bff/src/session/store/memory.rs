//! Sessions in this process: for tests, demos, and one machine that may forget.

use super::{Key, Row};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A shared map.
#[derive(Clone, Default)]
pub(super) struct MemoryRows(Arc<Mutex<HashMap<Key, Row>>>);

impl MemoryRows {
    fn map(&self) -> MutexGuard<'_, HashMap<Key, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn insert(&self, key: Key, row: Row) {
        self.map().insert(key, row);
    }

    pub(super) fn update(&self, key: &Key, row: Row) {
        if let Some(there) = self.map().get_mut(key) {
            *there = row;
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Row> {
        self.map().get(key).cloned()
    }

    pub(super) fn delete(&self, key: &Key) {
        self.map().remove(key);
    }

    pub(super) fn delete_all_of(&self, subject: &Key) {
        self.map()
            .retain(|_, row| row.subject.as_ref() != Some(subject));
    }

    pub(super) fn sweep(&self, now: i64) -> u64 {
        let mut map = self.map();
        let before = map.len();
        map.retain(|_, row| row.expires_at > now);
        (before - map.len()) as u64
    }
}
