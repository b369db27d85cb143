//! One lock per session, in this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tower_sessions::session::Id;

/// Locks by session. A lock that no task holds or waits for is forgotten.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<Id, Weak<AsyncMutex<()>>>>);

impl Locks {
    /// Waits for the lock of this session.
    pub(super) async fn lock(&self, id: Id) -> OwnedMutexGuard<()> {
        self.lock_of(id).lock_owned().await
    }

    fn lock_of(&self, id: Id) -> Arc<AsyncMutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| lock.strong_count() > 0);
        if let Some(lock) = locks.get(&id).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::default();
        locks.insert(id, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_session_is_held_once_and_forgotten_when_nobody_holds_it() {
        let (locks, one, other) = (Locks::default(), Id(1), Id(2));
        let held = locks.lock(one).await;
        assert!(locks.lock_of(one).try_lock().is_err());
        assert!(locks.lock_of(other).try_lock().is_ok());
        drop(held);
        assert!(locks.lock_of(one).try_lock().is_ok());
        assert_eq!(
            locks.0.lock().unwrap().len(),
            1,
            "only the last one asked for"
        );
    }
}
