//! Client assertions that were used.

use crate::store::{Seconds, Store, StoreError};

impl Store {
    /// Remembers an assertion until it expires. Returns `false` if it was used before.
    pub(crate) async fn use_client_assertion(
        &self,
        digest: &[u8],
        expires_at: Seconds,
    ) -> Result<bool, StoreError> {
        let used = sqlx::query(
            "INSERT INTO client_assertions (digest, expires_at) VALUES (?, ?)
             ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(used.rows_affected() == 1)
    }
}
