//! Issuing tokens from a grant.

use crate::{
    Provider,
    domain::{
        application::Application, claims::PersonClaims, id_token::IdTokenClaims, lifetime,
        oidc_error::OidcError, scope::Scopes,
    },
    secrets::{self, Purpose},
    store::{NewAccessToken, NewRefreshToken, StoreError},
};
use serde::Serialize;

/// The response of the token endpoint (RFC 6749, section 5.1). It has no `Debug`, so that no token can be logged.
#[derive(Serialize)]
pub(crate) struct TokenResponse {
    access_token: String,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    scope: String,
    token_type: &'static str,
}

/// What tokens are issued for.
pub(crate) struct Basis<'a> {
    pub(crate) application: &'a Application,
    pub(crate) user_id: &'a str,
    pub(crate) grant_id: &'a str,
    pub(crate) scopes: &'a Scopes,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) auth_time: Option<i64>,
    pub(crate) sid: &'a str,
    /// The session whose sign-out ends the tokens. `None` if they outlive it.
    pub(crate) session_uid: Option<&'a str>,
}

/// An access token and, with `openid`, an ID token.
pub(crate) async fn issue(
    provider: &Provider,
    basis: &Basis<'_>,
) -> Result<TokenResponse, OidcError> {
    let access_token = secrets::opaque();
    let new = NewAccessToken {
        digest: provider.digests.digest(Purpose::AccessToken, &access_token),
        grant_id: basis.grant_id,
        scopes: basis.scopes,
        session_uid: basis.session_uid,
        expires_at: provider.clock.unix() + lifetime::ACCESS_TOKEN,
    };
    provider
        .store
        .keep_access_token(new)
        .await
        .map_err(unless_revoked)?;
    Ok(TokenResponse {
        access_token,
        expires_in: lifetime::ACCESS_TOKEN,
        id_token: id_token(provider, basis).await?,
        refresh_token: None,
        scope: basis.scopes.to_string(),
        token_type: "Bearer",
    })
}

async fn id_token(provider: &Provider, basis: &Basis<'_>) -> Result<Option<String>, OidcError> {
    if !basis.scopes.contains("openid") {
        return Ok(None);
    }
    let user = provider
        .store
        .user(basis.user_id)
        .await?
        .ok_or(OidcError::InvalidGrant)?;
    let now = provider.clock.unix();
    let claims = IdTokenClaims {
        person: PersonClaims::new(&user, basis.scopes),
        auth_time: basis.auth_time,
        nonce: basis.nonce,
        sid: basis.application.visible_sid(basis.sid),
        aud: &basis.application.id,
        exp: now + basis.application.id_token_lifetime,
        iat: now,
        iss: provider.issuer(),
    };
    Ok(Some(provider.keys.sign(&claims)?))
}

/// Issues a refresh token. `chain_began_at` is the time when the first token of its chain was issued.
pub(crate) async fn issue_refresh_token(
    provider: &Provider,
    basis: &Basis<'_>,
    chain_began_at: i64,
) -> Result<String, OidcError> {
    let now = provider.clock.unix();
    let token = secrets::opaque();
    let new = NewRefreshToken {
        digest: provider.digests.digest(Purpose::RefreshToken, &token),
        grant_id: basis.grant_id,
        scopes: basis.scopes,
        nonce: basis.nonce,
        auth_time: basis.auth_time,
        sid: basis.sid,
        session_uid: basis.session_uid,
        chain_began_at,
        issued_at: now,
        expires_at: now + basis.application.refresh_token_lifetime,
    };
    provider
        .store
        .keep_refresh_token(new)
        .await
        .map_err(unless_revoked)?;
    Ok(token)
}

/// Maps the error of storing a token. If the grant was revoked in the meantime, the token cannot be stored, and must not
/// be sent.
fn unless_revoked(error: StoreError) -> OidcError {
    match error {
        StoreError::Database(error) if error.is_foreign_key_violation() => OidcError::InvalidGrant,
        other => other.into(),
    }
}
