//! Sessions in this process: for tests, demos, and one machine that may forget.

use super::engine::{
    ENDED_FOR, Engine, EngineError, Group, Holder, Index, Key, Moment, Row, milliseconds,
};
use async_trait::async_trait;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

type Result<T> = std::result::Result<T, EngineError>;

/// Maps behind a lock that is never held across an await.
#[derive(Default)]
pub(super) struct MemoryRows(Mutex<Maps>);

struct Maps {
    /// When its clock began.
    began: Instant,
    /// Boxed: the empty half of a map that has just grown costs a pointer an entry.
    sessions: HashMap<Key, Box<Session>>,
    /// The beginning of a group, and a session that may belong to it: whether it does, the session knows. With whole groups
    /// a session would cost fifty bytes more.
    members: BTreeSet<(u64, Key)>,
    /// One-time values, and when they may be forgotten.
    used: HashMap<Key, i64>,
    leases: HashMap<Key, (Holder, Instant)>,
    ended: HashMap<Group, Moment>,
}

/// A row, and the groups that it belongs to.
struct Session {
    sealed: Box<[u8]>,
    expires_at: i64,
    version: i64,
    index: Index,
}

impl Session {
    fn row(&self) -> Row {
        (self.sealed.to_vec(), self.expires_at, self.version).into()
    }
}

impl Default for Maps {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            sessions: HashMap::default(),
            members: BTreeSet::default(),
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

    fn remove(&mut self, key: &Key) -> Option<Row> {
        let session = self.sessions.remove(key)?;
        for group in session.index.groups() {
            self.members.remove(&(beginning(group), *key));
        }
        Some(
            (
                session.sealed.into_vec(),
                session.expires_at,
                session.version,
            )
                .into(),
        )
    }

    fn members(&self, group: Group) -> Vec<(Key, Row)> {
        let of = beginning(group);
        let range = self
            .members
            .range((of, [u8::MIN; 16])..=(of, [u8::MAX; 16]));
        let member = |(_, key): &(u64, Key)| {
            let session = self.sessions.get(key)?;
            let is_member = session.index.groups().any(|its| its == group);
            is_member.then(|| (*key, session.row()))
        };
        range.filter_map(member).collect()
    }

    /// The session, when it is still of this version.
    fn of_version(&mut self, key: &Key, version: i64) -> Option<&mut Session> {
        let session = self.sessions.get_mut(key)?;
        (session.version == version).then_some(session)
    }
}

/// Groups are hashes: eight bytes tell them apart but for the rarest chance.
fn beginning(group: Group) -> u64 {
    let (Group::Subject(of) | Group::Sid(of)) = group;
    u64::from_be_bytes(std::array::from_fn(|byte| of[byte]))
}

impl MemoryRows {
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Engine for MemoryRows {
    async fn insert(&self, key: &Key, row: &Row, index: &Index) -> Result<()> {
        let mut maps = self.maps();
        maps.remove(key);
        let groups = index.groups().map(|group| (beginning(group), *key));
        maps.members.extend(groups);
        let session = Session {
            sealed: row.sealed.as_slice().into(),
            expires_at: row.expires_at,
            version: row.version,
            index: *index,
        };
        maps.sessions.insert(*key, Box::new(session));
        Ok(())
    }

    async fn replace(&self, key: &Key, row: &Row) -> Result<bool> {
        let mut maps = self.maps();
        let Some(session) = maps.of_version(key, row.version) else {
            return Ok(false);
        };
        session.sealed = row.sealed.as_slice().into();
        session.expires_at = row.expires_at;
        session.version += 1;
        Ok(true)
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>> {
        let maps = self.maps();
        Ok(maps.sessions.get(key).map(|session| session.row()))
    }

    async fn delete(&self, key: &Key) -> Result<Option<Row>> {
        Ok(self.maps().remove(key))
    }

    async fn delete_version(&self, key: &Key, version: i64) -> Result<bool> {
        let mut maps = self.maps();
        let is_there = maps.of_version(key, version).is_some();
        if is_there {
            maps.remove(key);
        }
        Ok(is_there)
    }

    async fn rows_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
        Ok(self.maps().members(group))
    }

    async fn delete_all_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
        let mut maps = self.maps();
        let now = maps.now();
        maps.ended.insert(group, now);
        let members = maps.members(group);
        for (key, _) in &members {
            maps.remove(key);
        }
        Ok(members)
    }

    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool> {
        let ended = self.maps().ended.get(&group).copied();
        Ok(ended.is_some_and(|at| at >= moment))
    }

    async fn is_used(&self, value: &Key) -> Result<bool> {
        Ok(self.maps().used.contains_key(value))
    }

    async fn mark_used(&self, value: &Key, expires_at: i64) -> Result<Option<Moment>> {
        let mut maps = self.maps();
        let is_first = maps.used.insert(*value, expires_at).is_none();
        Ok(is_first.then(|| maps.now()))
    }

    async fn lease(&self, key: &Key, holder: &Holder, life: Duration) -> Result<bool> {
        let mut maps = self.maps();
        let now = Instant::now();
        let is_anothers = maps
            .leases
            .get(key)
            .is_some_and(|(who, until)| who != holder && now < *until);
        if !is_anothers {
            maps.leases.insert(*key, (*holder, now + life));
        }
        Ok(!is_anothers)
    }

    async fn release(&self, key: &Key, holder: &Holder) -> Result<()> {
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
        let expired: Vec<Key> = maps
            .sessions
            .iter()
            .filter(|(_, session)| session.expires_at <= now)
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

    async fn tell_others(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn groups_that_begin_alike_are_not_taken_for_one_another() {
        let rows = MemoryRows::default();
        let groups = [1, 2].map(|last| {
            let mut of = [7; 16];
            of[15] = last;
            of
        });
        for (key, of) in [[1; 16], [2; 16]].iter().zip(groups) {
            let row = (vec![key[0]], 0, 0).into();
            let index = Index {
                subject: Some(of),
                sid: Some(of),
            };
            rows.insert(key, &row, &index).await.unwrap();
        }
        for group in [Group::Subject(groups[0]), Group::Sid(groups[0])] {
            let found = rows.rows_of(group).await.unwrap();
            assert_eq!(
                found.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
                [[1; 16]]
            );
        }
        let ended = rows.delete_all_of(Group::Sid(groups[0])).await.unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!(rows.count().await.unwrap(), 1);
        let left = rows.rows_of(Group::Subject(groups[1])).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(rows.maps().members.len(), 1);
    }
}
