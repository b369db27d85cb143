//! The right to refresh a session's tokens, held by one of all instances at a time. Nobody is stopped by it who does
//! not ask for it: what it protects is the provider's patience, and a row is protected by its version.

use super::{Store, engine::Holder, key_of};
use rand::RngExt;
use std::time::Duration;
use tower_sessions::{session::Id, session_store::Result};

/// An instance that was killed keeps others waiting so long.
const LIFE: Duration = Duration::from_secs(6);
/// How often one that lives says so.
const RENEW_EVERY: Duration = Duration::from_secs(2);

/// A lease that this process has taken.
pub(crate) struct Lease {
    store: Store,
    key: [u8; 32],
    holder: Holder,
}

impl Store {
    /// Takes the lease on a session; none when another instance has it.
    pub(crate) async fn lease(&self, id: &Id) -> Result<Option<Lease>> {
        let lease = Lease {
            store: self.clone(),
            key: key_of(id),
            holder: rand::rng().random(),
        };
        Ok(lease.take().await?.then_some(lease))
    }
}

impl Lease {
    async fn take(&self) -> Result<bool> {
        self.store
            .within(
                "lease",
                self.store.engine.lease(&self.key, &self.holder, LIFE),
            )
            .await
    }

    /// Keeps the lease while the work goes on, and gives it back.
    pub(crate) async fn hold<T>(self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        let done = loop {
            tokio::select! {
                done = &mut work => break done,
                () = tokio::time::sleep(RENEW_EVERY) => self.renew().await,
            }
        };
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
        match self.take().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(event = "lease.lost"),
            Err(cause) => tracing::warn!(event = "lease.not_renewed", %cause),
        }
    }
}
