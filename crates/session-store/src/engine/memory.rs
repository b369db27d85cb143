//! Sessions in this process: for tests, demos, and a machine that may forget them.

use super::{ENDED_FOR, Engine, Holder, Moment, Result, Row, milliseconds};
use crate::{
    Error,
    key::{Group, Hash, Index, SessionKey},
};
use async_trait::async_trait;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Maps behind a lock that no task holds across an await.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Maps>);

struct Maps {
    /// When this engine's clock began.
    began: Instant,
    sessions: HashMap<SessionKey, (Row, Index)>,
    members: HashMap<Group, HashSet<SessionKey>>,
    /// One-time values, and when they may be forgotten.
    used: HashMap<Hash, i64>,
    leases: HashMap<SessionKey, (Holder, Instant)>,
    ended: HashMap<Group, Moment>,
}

impl Default for Maps {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            sessions: HashMap::default(),
            members: HashMap::default(),
            used: HashMap::default(),
            leases: HashMap::default(),
            ended: HashMap::default(),
        }
    }
}

impl Maps {
    fn now(&self) -> Moment {
        milliseconds(self.began.elapsed())
    }

    fn remove(&mut self, key: &SessionKey) -> Option<Row> {
        let (row, index) = self.sessions.remove(key)?;
        for group in index.groups() {
            if let Some(members) = self.members.get_mut(&group) {
                members.remove(key);
                if members.is_empty() {
                    self.members.remove(&group);
                }
            }
        }
        Some(row)
    }

    /// The one that expires last first.
    fn keys_of(&self, group: Group) -> Vec<SessionKey> {
        let members = self.members.get(&group).into_iter().flatten();
        let expiry = |key: &SessionKey| self.sessions.get(key).map(|(row, _)| row.expires_at);
        let mut keys: Vec<_> = members.copied().collect();
        keys.sort_by_key(|key| Reverse(expiry(key)));
        keys
    }

    /// The row, if it still has this version.
    fn of_version(&mut self, key: &SessionKey, version: i64) -> Option<&mut Row> {
        let (row, _) = self.sessions.get_mut(key)?;
        (row.version == version).then_some(row)
    }
}

impl Memory {
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Engine for Memory {
    async fn insert(&self, key: &SessionKey, row: &Row, index: &Index) -> Result<()> {
        let mut maps = self.maps();
        if maps.sessions.contains_key(key) {
            return Err(Error::Exists);
        }
        for group in index.groups() {
            maps.members.entry(group).or_default().insert(*key);
        }
        let row = Row {
            version: 0,
            ..row.clone()
        };
        maps.sessions.insert(*key, (row, *index));
        Ok(())
    }

    async fn replace(&self, key: &SessionKey, sealed: &[u8], version: i64) -> Result<bool> {
        let mut maps = self.maps();
        let Some(row) = maps.of_version(key, version) else {
            return Ok(false);
        };
        row.sealed = sealed.to_vec();
        row.version += 1;
        Ok(true)
    }

    async fn touch(&self, key: &SessionKey, expires_at: i64, now: i64) -> Result<bool> {
        let mut maps = self.maps();
        let session = maps.sessions.get_mut(key);
        Ok(session
            .filter(|(row, _)| row.expires_at > now)
            .map(|(row, _)| row.expires_at = expires_at)
            .is_some())
    }

    async fn get(&self, key: &SessionKey) -> Result<Option<Row>> {
        Ok(self.maps().sessions.get(key).map(|(row, _)| row.clone()))
    }

    async fn delete(&self, key: &SessionKey) -> Result<Option<Row>> {
        Ok(self.maps().remove(key))
    }

    async fn delete_version(&self, key: &SessionKey, version: i64) -> Result<bool> {
        let mut maps = self.maps();
        let is_there = maps.of_version(key, version).is_some();
        if is_there {
            maps.remove(key);
        }
        Ok(is_there)
    }

    async fn rows_of(&self, group: Group, most: u16) -> Result<Vec<(SessionKey, Row)>> {
        let maps = self.maps();
        let keys = maps.keys_of(group).into_iter().take(most.into());
        let rows = keys.filter_map(|key| Some((key, maps.sessions.get(&key)?.0.clone())));
        Ok(rows.collect())
    }

    async fn delete_all_of(&self, group: Group) -> Result<Vec<(SessionKey, Row)>> {
        let mut maps = self.maps();
        let now = maps.now();
        maps.ended.insert(group, now);
        let keys = maps.keys_of(group).into_iter();
        let rows = keys.filter_map(|key| Some((key, maps.remove(&key)?)));
        Ok(rows.collect())
    }

    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool> {
        let ended = self.maps().ended.get(&group).copied();
        Ok(ended.is_some_and(|at| at >= moment))
    }

    async fn is_used(&self, value: &Hash) -> Result<bool> {
        Ok(self.maps().used.contains_key(value))
    }

    async fn mark_used(&self, value: &Hash, expires_at: i64) -> Result<Option<Moment>> {
        let mut maps = self.maps();
        let is_first = maps.used.insert(*value, expires_at).is_none();
        Ok(is_first.then(|| maps.now()))
    }

    async fn lease(&self, key: &SessionKey, holder: &Holder, life: Duration) -> Result<bool> {
        let mut maps = self.maps();
        let now = Instant::now();
        let is_free = maps.leases.get(key).is_none_or(|(_, until)| now >= *until);
        if is_free {
            maps.leases.insert(*key, (*holder, now + life));
        }
        Ok(is_free)
    }

    async fn release(&self, key: &SessionKey, holder: &Holder) -> Result<()> {
        let mut maps = self.maps();
        if maps.leases.get(key).is_some_and(|(who, _)| who == holder) {
            maps.leases.remove(key);
        }
        Ok(())
    }

    async fn sweep(&self, now: i64) -> Result<u64> {
        let mut maps = self.maps();
        maps.used.retain(|_, expires_at| *expires_at > now);
        let instant = Instant::now();
        maps.leases.retain(|_, (_, until)| *until > instant);
        let forgotten = maps.now() - milliseconds(ENDED_FOR);
        maps.ended.retain(|_, at| *at > forgotten);
        let has_expired = |(row, _): &(Row, Index)| row.expires_at <= now;
        let sessions = maps.sessions.iter();
        let expired: Vec<SessionKey> = sessions
            .filter(|(_, session)| has_expired(session))
            .map(|(key, _)| *key)
            .collect();
        for key in &expired {
            maps.remove(key);
        }
        Ok(expired.len() as u64)
    }

    async fn count(&self) -> Result<u64> {
        Ok(self.maps().sessions.len() as u64)
    }

    /// No other process shares this memory.
    async fn publish(&self, _: &str) -> Result<()> {
        Ok(())
    }
}
