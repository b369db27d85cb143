//! The right to refresh a session's tokens, held by one of all instances at a time. Nobody is stopped by it who does
//! not ask for it: what it protects is the provider's patience, and a row is protected by its version.

use super::{
    Store,
    engine::{Holder, Key},
    key_of,
};
use rand::RngExt;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tower_sessions::{session::Id, session_store::Result};

/// An instance that was killed, or cut off from the store, keeps others waiting so long. It may have spent the refresh token
/// just then: whoever comes next must come within the three seconds in which Logto takes a spent one again, for later
/// Logto revokes the whole grant.
const LIFE: Duration = Duration::from_millis(2_500);
/// How often one that lives says so.
const RENEW_EVERY: Duration = Duration::from_millis(500);
/// A renewal that is not answered in this time is tried anew.
const RENEWAL: Duration = Duration::from_millis(700);

/// A lease that this process has taken.
pub(crate) struct Lease {
    store: Store,
    key: Key,
    holder: Holder,
    /// Until then nobody else can have it, by this process's own clock.
    sure_until: Mutex<Instant>,
}

impl Store {
    /// Takes the lease on a session; none when another instance has it.
    pub(crate) async fn lease(&self, id: &Id) -> Result<Option<Lease>> {
        let lease = Lease {
            store: self.clone(),
            key: key_of(id),
            holder: rand::rng().random(),
            sure_until: Mutex::new(Instant::now()),
        };
        Ok(lease.take().await?.then_some(lease))
    }
}

impl Lease {
    async fn take(&self) -> Result<bool> {
        let asked = Instant::now();
        let taking = self.store.engine.lease(&self.key, &self.holder, LIFE);
        let is_taken = self.store.within("lease", taking).await?;
        if is_taken {
            *self.sure_until() = asked + LIFE;
        }
        Ok(is_taken)
    }

    fn sure_until(&self) -> MutexGuard<'_, Instant> {
        self.sure_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody else can have it. Who was asleep, or cut off from the store, must not begin what two may not do.
    pub(crate) fn is_sure(&self) -> bool {
        Instant::now() < *self.sure_until()
    }

    /// Keeps the lease while the work goes on, and gives it back.
    pub(crate) async fn hold<T>(&self, work: impl Future<Output = T>) -> T {
        let done = while_renewing(work, || self.renew()).await;
        // One that is not given back ends by itself.
        let _ = self
            .store
            .within(
                "release",
                self.store.engine.release(&self.key, &self.holder),
            )
            .await;
        done
    }

    /// A lease that is lost does not stop the work: what comes of it is stored only if nobody was faster.
    async fn renew(&self) {
        match tokio::time::timeout(RENEWAL, self.take()).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => tracing::warn!(event = "lease.lost"),
            Ok(Err(cause)) => tracing::warn!(event = "lease.not_renewed", %cause),
            Err(cause) => tracing::warn!(event = "lease.not_renewed", %cause),
        }
    }
}

/// Does the work and renews beside it. Both go on at the same time: a store that is slow to renew must not keep the work
/// from reading the provider's answer, which may hold the only refresh token that is left.
async fn while_renewing<T, Renewal: Future<Output = ()>>(
    work: impl Future<Output = T>,
    renew: impl Fn() -> Renewal,
) -> T {
    let renewing = async {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            renew().await;
        }
    };
    tokio::select! {
        done = work => done,
        () = renewing => unreachable!("it renews until the work is done"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AppState;
    use std::cell::Cell;
    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_renewed_for_as_long_as_the_work_takes() {
        let renewed = Cell::new(0);
        let renew = || async { renewed.set(renewed.get() + 1) };
        while_renewing(sleep(RENEW_EVERY * 7 / 2), renew).await;
        assert_eq!(renewed.get(), 3);
        assert!((RENEW_EVERY + RENEWAL) * 2 < LIFE, "one renewal may fail");
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_hangs_does_not_hold_up_the_work() {
        let began = Instant::now();
        let work = async {
            for _ in 0..4 {
                sleep(RENEW_EVERY).await;
            }
            began.elapsed()
        };
        let hanging = || sleep(Duration::from_hours(1));
        assert_eq!(while_renewing(work, hanging).await, RENEW_EVERY * 4);
    }

    #[tokio::test]
    async fn a_lease_that_is_held_lasts_longer_and_longer() {
        let store = AppState::for_tests().await.store.clone();
        let lease = store.lease(&Id(1)).await.unwrap().unwrap();
        let at_first = *lease.sure_until();
        let work = async {
            while *lease.sure_until() == at_first {
                sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), lease.hold(work))
            .await
            .unwrap();
        assert!(store.lease(&Id(1)).await.unwrap().is_some(), "given back");
    }
}
