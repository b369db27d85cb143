//! Pushed authorization requests. Each is taken once.

use crate::store::{Seconds, Store, StoreError};

impl Store {
    pub(crate) async fn keep_pushed_request(
        &self,
        digest: &[u8],
        application_id: &str,
        parameters: &str,
        expires_at: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO pushed_requests (digest, application_id, parameters, expires_at)
             VALUES (?, ?, ?, ?)",
        )
        .bind(digest)
        .bind(application_id)
        .bind(parameters)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the parameters. `None` if they belong to another application, are used or have expired.
    pub(crate) async fn take_pushed_request(
        &self,
        digest: &[u8],
        application_id: &str,
        now: Seconds,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(
            "DELETE FROM pushed_requests WHERE digest = ? AND application_id = ? AND expires_at > ?
             RETURNING parameters",
        )
        .bind(digest)
        .bind(application_id)
        .bind(now)
        .fetch_optional(&self.pool)
        .await
    }
}
