//! Authorization codes. Each is used once.

use crate::{
    domain::{pkce::CodeChallenge, scope::Scopes},
    store::{Seconds, Store, StoreError, presented::Table},
};

/// A code to store.
pub(crate) struct NewAuthorizationCode<'a> {
    pub(crate) digest: Vec<u8>,
    pub(crate) grant_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) code_challenge: Option<&'a CodeChallenge>,
    pub(crate) auth_time: Option<Seconds>,
    pub(crate) sid: &'a str,
    pub(crate) session_uid: Option<&'a str>,
    pub(crate) expires_at: Seconds,
}

/// A code that a client presents.
pub(crate) struct AuthorizationCode {
    pub(crate) application_id: String,
    pub(crate) user_id: String,
    pub(crate) grant_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
    pub(crate) auth_time: Option<Seconds>,
    pub(crate) sid: String,
    pub(crate) session_uid: Option<String>,
    pub(crate) used: bool,
    pub(crate) expires_at: Seconds,
}

row! {
    struct CodeRow {
        application_id: String,
        user_id: String,
        grant_id: String,
        redirect_uri: String,
        scopes: String,
        nonce: Option<String>,
        code_challenge: Option<String>,
        auth_time: Option<Seconds>,
        sid: String,
        session_uid: Option<String>,
        used: bool,
        expires_at: Seconds,
    }
}

impl From<CodeRow> for AuthorizationCode {
    fn from(row: CodeRow) -> Self {
        Self {
            application_id: row.application_id,
            user_id: row.user_id,
            grant_id: row.grant_id,
            redirect_uri: row.redirect_uri,
            scopes: Scopes::parse(&row.scopes),
            nonce: row.nonce,
            code_challenge: row.code_challenge.map(CodeChallenge::from_store),
            auth_time: row.auth_time,
            sid: row.sid,
            session_uid: row.session_uid,
            used: row.used,
            expires_at: row.expires_at,
        }
    }
}

impl Store {
    pub(crate) async fn keep_code(&self, new: NewAuthorizationCode<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO authorization_codes (digest, grant_id, redirect_uri, scopes, nonce,
             code_challenge, auth_time, sid, session_uid, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.digest)
        .bind(new.grant_id)
        .bind(new.redirect_uri)
        .bind(new.scopes.to_string())
        .bind(new.nonce)
        .bind(new.code_challenge.map(CodeChallenge::as_str))
        .bind(new.auth_time)
        .bind(new.sid)
        .bind(new.session_uid)
        .bind(new.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The code, used or not. `None` if it was bound to a session that has ended.
    pub(crate) async fn code(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<AuthorizationCode>, StoreError> {
        let row: Option<CodeRow> = self
            .presented(Table("authorization_codes"), digest, now)
            .await?;
        Ok(row.map(AuthorizationCode::from))
    }

    /// Marks the code as used. Returns `false` if it was used already.
    pub(crate) async fn use_code(&self, digest: &[u8]) -> Result<bool, StoreError> {
        let used =
            sqlx::query("UPDATE authorization_codes SET used = 1 WHERE digest = ? AND NOT used")
                .bind(digest)
                .execute(&self.pool)
                .await?;
        Ok(used.rows_affected() == 1)
    }
}
