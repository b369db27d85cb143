//! One lock per session, in this process.

use session_store::SessionKey;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Locks by session. A lock that no task holds or waits for is forgotten.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<SessionKey, Weak<AsyncMutex<()>>>>);

impl Locks {
    /// Waits for the lock of this session.
    pub(super) async fn lock(&self, key: SessionKey) -> OwnedMutexGuard<()> {
        self.lock_of(key).lock_owned().await
    }

    fn lock_of(&self, key: SessionKey) -> Arc<AsyncMutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.len() == locks.capacity() {
            // It would grow. Seldom, so that a lock costs no look at all the others.
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        if let Some(lock) = locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::default();
        locks.insert(key, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_sessions::session::Id;

    fn key(id: i128) -> SessionKey {
        SessionKey::from(&Id(id))
    }

    #[tokio::test]
    async fn one_session_is_held_once_and_forgotten_when_nobody_holds_it() {
        let (locks, one, other) = (Locks::default(), key(1), key(2));
        let held = locks.lock(one).await;
        assert!(locks.lock_of(one).try_lock().is_err());
        assert!(locks.lock_of(other).try_lock().is_ok());
        drop(held);
        assert!(locks.lock_of(one).try_lock().is_ok());
        for id in 0..10_000 {
            drop(locks.lock(key(id)).await);
        }
        assert!(locks.0.lock().unwrap().len() < 100);
    }
}
