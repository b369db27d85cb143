//! The right to change a session after a slow call elsewhere, held by one of all processes at a time.

use crate::{Error, Store, engine::Holder, key::SessionKey};
use rand::RngExt;
use std::time::Duration;
use tokio::time::Instant;

/// A lease that this process has taken. It has a fixed length. A row's version protects against a holder that was
/// overtaken: its [`Store::replace`] fails.
pub struct Lease {
    store: Store,
    key: SessionKey,
    holder: Holder,
    /// By this process's own clock, counted from before the database granted it.
    expires_at: Instant,
}

impl Store {
    /// Takes the lease on a session for this time. `None` if another holder has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease(
        &self,
        key: impl Into<SessionKey>,
        life: Duration,
    ) -> Result<Option<Lease>, Error> {
        let lease = Lease {
            store: self.clone(),
            key: self.row_of(key),
            holder: rand::rng().random(),
            expires_at: Instant::now() + life,
        };
        let taking = self.engine.lease(&lease.key, &lease.holder, life);
        Ok(self.run("lease", taking).await?.then_some(lease))
    }
}

impl Lease {
    /// How long nobody else can take it. Zero when it has expired.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.expires_at.saturating_duration_since(Instant::now())
    }

    /// Gives the lease back. A lease that cannot be given back expires.
    pub async fn release(self) {
        let releasing = self.store.engine.release(&self.key, &self.holder);
        let _ = self.store.run("release", releasing).await;
    }
}
