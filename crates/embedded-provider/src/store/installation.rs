//! Secrets of this installation. Each is generated once and never changes.

use crate::store::{Store, StoreError};

impl Store {
    /// The secret of this name. `make` generates it if it is missing. Two processes on one file get the same secret.
    pub(crate) async fn installation_secret(
        &self,
        name: &str,
        make: impl FnOnce() -> Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        sqlx::query("INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(make())
            .execute(&self.pool)
            .await?;
        sqlx::query_scalar("SELECT value FROM installation WHERE name = ?")
            .bind(name)
            .fetch_one(&self.pool)
            .await
    }
}
