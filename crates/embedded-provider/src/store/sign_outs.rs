//! Sign-out questions that are not answered yet.

use crate::store::{Seconds, Store, StoreError};

row! {
    /// A checked sign-out request.
    pub(crate) struct SignOut {
        pub(crate) session_uid: Option<String>,
        pub(crate) application_id: Option<String>,
        /// An address that is registered for the application.
        pub(crate) redirect_uri: Option<String>,
        pub(crate) state: Option<String>,
    }
}

impl Store {
    pub(crate) async fn keep_sign_out(
        &self,
        digest: &[u8],
        sign_out: &SignOut,
        expires_at: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sign_outs (digest, session_uid, application_id, redirect_uri, state, expires_at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(digest)
        .bind(&sign_out.session_uid)
        .bind(&sign_out.application_id)
        .bind(&sign_out.redirect_uri)
        .bind(&sign_out.state)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the question, so that it is answered once.
    pub(crate) async fn take_sign_out(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<SignOut>, StoreError> {
        sqlx::query_as(
            "DELETE FROM sign_outs WHERE digest = ? AND expires_at > ?
             RETURNING session_uid, application_id, redirect_uri, state",
        )
        .bind(digest)
        .bind(now)
        .fetch_optional(&self.pool)
        .await
    }
}
