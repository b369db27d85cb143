//! Refresh tokens. They form chains: each token replaces the one before.

use crate::{
    domain::{rotation::RefreshTokenLife, scope::Scopes},
    store::{Seconds, Store, StoreError, presented::Table},
};

/// A token to store.
pub(crate) struct NewRefreshToken<'a> {
    pub(crate) digest: Vec<u8>,
    pub(crate) grant_id: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) auth_time: Option<Seconds>,
    pub(crate) sid: &'a str,
    pub(crate) session_uid: Option<&'a str>,
    pub(crate) chain_began_at: Seconds,
    pub(crate) issued_at: Seconds,
    pub(crate) expires_at: Seconds,
}

/// A token that a client presents.
pub(crate) struct RefreshToken {
    pub(crate) application_id: String,
    pub(crate) user_id: String,
    pub(crate) grant_id: String,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) auth_time: Option<Seconds>,
    pub(crate) sid: String,
    pub(crate) session_uid: Option<String>,
    pub(crate) chain_began_at: Seconds,
    pub(crate) issued_at: Seconds,
    pub(crate) replaced_at: Option<Seconds>,
    pub(crate) expires_at: Seconds,
}

row! {
    struct RefreshTokenRow {
        application_id: String,
        user_id: String,
        grant_id: String,
        scopes: String,
        nonce: Option<String>,
        auth_time: Option<Seconds>,
        sid: String,
        session_uid: Option<String>,
        chain_began_at: Seconds,
        issued_at: Seconds,
        replaced_at: Option<Seconds>,
        expires_at: Seconds,
    }
}

impl RefreshToken {
    pub(crate) const fn life(&self) -> RefreshTokenLife {
        RefreshTokenLife {
            chain_began: self.chain_began_at,
            issued: self.issued_at,
            expires: self.expires_at,
        }
    }
}

impl From<RefreshTokenRow> for RefreshToken {
    fn from(row: RefreshTokenRow) -> Self {
        Self {
            application_id: row.application_id,
            user_id: row.user_id,
            grant_id: row.grant_id,
            scopes: Scopes::parse(&row.scopes),
            nonce: row.nonce,
            auth_time: row.auth_time,
            sid: row.sid,
            session_uid: row.session_uid,
            chain_began_at: row.chain_began_at,
            issued_at: row.issued_at,
            replaced_at: row.replaced_at,
            expires_at: row.expires_at,
        }
    }
}

impl Store {
    pub(crate) async fn keep_refresh_token(
        &self,
        new: NewRefreshToken<'_>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO refresh_tokens (digest, grant_id, scopes, nonce, auth_time, sid,
             session_uid, chain_began_at, issued_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.digest)
        .bind(new.grant_id)
        .bind(new.scopes.to_string())
        .bind(new.nonce)
        .bind(new.auth_time)
        .bind(new.sid)
        .bind(new.session_uid)
        .bind(new.chain_began_at)
        .bind(new.issued_at)
        .bind(new.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The token, replaced or not. `None` if it was bound to a session that has ended.
    pub(crate) async fn refresh_token(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let row: Option<RefreshTokenRow> =
            self.presented(Table("refresh_tokens"), digest, now).await?;
        Ok(row.map(RefreshToken::from))
    }

    /// Stores the time when the token was first replaced.
    pub(crate) async fn replace_refresh_token(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE refresh_tokens SET replaced_at = coalesce(replaced_at, ?) WHERE digest = ?",
        )
        .bind(now)
        .bind(digest)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends the grant of a client's token, and every token of that grant.
    pub(crate) async fn revoke_grant_of_refresh_token(
        &self,
        digest: &[u8],
        application_id: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM grants WHERE application_id = ? AND id IN
             (SELECT grant_id FROM refresh_tokens WHERE digest = ?)",
        )
        .bind(application_id)
        .bind(digest)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
