//! Token introspection (RFC 7662): whether an access or refresh token is alive, and what it is for. As in Logto, each
//! application may ask about the tokens of all.

use crate::{
    Provider,
    domain::{lifetime, oidc_error::OidcError},
    secrets::Purpose,
};
use serde::Serialize;

/// The response (section 2.2).
#[derive(Serialize)]
pub(crate) struct Introspection {
    active: bool,
    #[serde(flatten)]
    token: Option<LiveToken>,
}

#[derive(Serialize)]
struct LiveToken {
    sub: String,
    client_id: String,
    exp: i64,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    iss: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    /// `None` for a refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
}

/// Looks the token up. An unknown, expired, replaced or revoked one is not active.
pub(crate) async fn introspect(
    provider: &Provider,
    token: &str,
) -> Result<Introspection, OidcError> {
    let token = match access_token(provider, token).await? {
        None => refresh_token(provider, token).await?,
        found => found,
    };
    Ok(Introspection {
        active: token.is_some(),
        token,
    })
}

async fn access_token(provider: &Provider, token: &str) -> Result<Option<LiveToken>, OidcError> {
    let (store, now) = (&provider.store, provider.clock.unix());
    let digest = provider.digests.digest(Purpose::AccessToken, token);
    let Some(token) = store.access_token(&digest, now).await? else {
        return Ok(None);
    };
    let sid = store.sid_of_grant(&token.grant_id).await?;
    Ok(Some(LiveToken {
        sid: sid.and_then(|sid| visible_sid(provider, &token.application_id, &sid)),
        sub: token.user_id,
        client_id: token.application_id,
        exp: token.expires_at,
        iat: token.expires_at - lifetime::ACCESS_TOKEN,
        iss: provider.issuer().to_owned(),
        scope: token.scopes.to_string(),
        token_type: Some("Bearer"),
    }))
}

async fn refresh_token(provider: &Provider, token: &str) -> Result<Option<LiveToken>, OidcError> {
    let now = provider.clock.unix();
    let digest = provider.digests.digest(Purpose::RefreshToken, token);
    let found = provider.store.refresh_token(&digest, now).await?;
    let live = found.filter(|token| token.expires_at > now && token.replaced_at.is_none());
    Ok(live.map(|token| LiveToken {
        sid: visible_sid(provider, &token.application_id, &token.sid),
        sub: token.user_id,
        client_id: token.application_id,
        exp: token.expires_at,
        iat: token.issued_at,
        iss: provider.issuer().to_owned(),
        scope: token.scopes.to_string(),
        token_type: None,
    }))
}

fn visible_sid(provider: &Provider, application_id: &str, sid: &str) -> Option<String> {
    let application = provider.tenant().applications.find(application_id)?;
    application.visible_sid(sid).map(str::to_owned)
}
