//! Grants: what a person allowed a client. Deleting a grant deletes its codes and tokens.

use crate::{
    domain::scope::Scopes,
    secrets,
    store::{Session, Store, StoreError},
};

impl Store {
    /// The first grant of a client in a session.
    pub(crate) async fn begin_grant(
        &self,
        session: &Session,
        application_id: &str,
        scopes: &Scopes,
    ) -> Result<(), StoreError> {
        let grant_id = secrets::opaque();
        let mut transaction = self.pool.begin().await?;
        sqlx::query("INSERT INTO grants (id, application_id, user_id, scopes) VALUES (?, ?, ?, ?)")
            .bind(&grant_id)
            .bind(application_id)
            .bind(&session.user_id)
            .bind(scopes.to_string())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO participations (session_uid, application_id, sid, grant_id)
             VALUES (?, ?, ?, ?)",
        )
        .bind(&session.uid)
        .bind(application_id)
        .bind(secrets::opaque())
        .bind(&grant_id)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// The `sid` of a grant. It stays in refresh tokens that outlive the session.
    pub(crate) async fn sid_of_grant(&self, id: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(
            "SELECT sid FROM participations WHERE grant_id = ?1
             UNION SELECT sid FROM refresh_tokens WHERE grant_id = ?1 LIMIT 1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await
    }

    pub(crate) async fn widen_grant(&self, id: &str, scopes: &Scopes) -> Result<(), StoreError> {
        sqlx::query("UPDATE grants SET scopes = ? WHERE id = ?")
            .bind(scopes.to_string())
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Makes the grant outlive the sign-out of its session.
    pub(crate) async fn keep_grant_after_sign_out(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE participations SET outlives_sign_out = 1 WHERE grant_id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    pub(crate) async fn revoke_grant(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM grants WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
