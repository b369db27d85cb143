//! Secrets of this installation: made once, the same ever after.

use crate::store::{Store, StoreError};

impl Store {
    /// The secret of this name; `make` makes it when there is none. Two processes on one file agree.
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
