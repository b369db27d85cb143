//! Sessions in this process: for tests, demos, and one machine that may forget.

use super::{Index, Key, Row};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Shared maps.
#[derive(Clone, Default)]
pub(super) struct MemoryRows(Arc<Mutex<Maps>>);

#[derive(Default)]
struct Maps {
    sessions: HashMap<Key, (Row, Index)>,
    /// One-time values, and when they may be forgotten.
    used: HashMap<Key, i64>,
}

impl MemoryRows {
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn insert(&self, key: Key, row: Row, index: Index) {
        self.maps().sessions.insert(key, (row, index));
    }

    pub(super) fn update(&self, key: &Key, row: Row) {
        if let Some(there) = self.maps().sessions.get_mut(key) {
            there.0 = row;
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Row> {
        self.maps().sessions.get(key).map(|(row, _)| row.clone())
    }

    pub(super) fn delete(&self, key: &Key) {
        self.maps().sessions.remove(key);
    }

    pub(super) fn delete_all_of(&self, subject: &Key) {
        self.maps()
            .sessions
            .retain(|_, (_, index)| index.subject.as_ref() != Some(subject));
    }

    pub(super) fn delete_begun_in(&self, sid: &Key) {
        self.maps()
            .sessions
            .retain(|_, (_, index)| index.sid.as_ref() != Some(sid));
    }

    pub(super) fn is_used(&self, value: &Key) -> bool {
        self.maps().used.contains_key(value)
    }

    pub(super) fn mark_used(&self, value: Key, expires_at: i64) -> bool {
        self.maps().used.insert(value, expires_at).is_none()
    }

    /// Returns how many sessions went.
    pub(super) fn sweep(&self, now: i64) -> u64 {
        let mut maps = self.maps();
        maps.used.retain(|_, expires_at| *expires_at > now);
        let before = maps.sessions.len();
        maps.sessions.retain(|_, (row, _)| row.expires_at > now);
        (before - maps.sessions.len()) as u64
    }
}
