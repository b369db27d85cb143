//! Access tokens: opaque, for the userinfo endpoint only.

use crate::{
    domain::scope::Scopes,
    store::{Seconds, Store, StoreError, presented::Table},
};

/// A token to store.
pub(crate) struct NewAccessToken<'a> {
    pub(crate) digest: Vec<u8>,
    pub(crate) grant_id: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) session_uid: Option<&'a str>,
    pub(crate) expires_at: Seconds,
}

/// A live token that a client presents.
pub(crate) struct AccessToken {
    pub(crate) application_id: String,
    pub(crate) user_id: String,
    pub(crate) grant_id: String,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Seconds,
}

row! {
    struct AccessTokenRow {
        application_id: String,
        user_id: String,
        grant_id: String,
        scopes: String,
        expires_at: Seconds,
    }
}

impl Store {
    pub(crate) async fn keep_access_token(
        &self,
        new: NewAccessToken<'_>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO access_tokens (digest, grant_id, scopes, session_uid, expires_at)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(new.digest)
        .bind(new.grant_id)
        .bind(new.scopes.to_string())
        .bind(new.session_uid)
        .bind(new.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A live token.
    pub(crate) async fn access_token(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<AccessToken>, StoreError> {
        let row: Option<AccessTokenRow> =
            self.presented(Table("access_tokens"), digest, now).await?;
        Ok(row
            .filter(|row| row.expires_at > now)
            .map(|row| AccessToken {
                application_id: row.application_id,
                user_id: row.user_id,
                grant_id: row.grant_id,
                scopes: Scopes::parse(&row.scopes),
                expires_at: row.expires_at,
            }))
    }

    /// Deletes a token of this client.
    pub(crate) async fn revoke_access_token(
        &self,
        digest: &[u8],
        application_id: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM access_tokens WHERE digest = ? AND grant_id IN
             (SELECT id FROM grants WHERE application_id = ?)",
        )
        .bind(digest)
        .bind(application_id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
