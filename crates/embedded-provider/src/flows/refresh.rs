//! Exchanges a refresh token for new tokens (RFC 6749, section 6). The refresh token is replaced when most of its
//! lifetime has passed. The old one works for a few more seconds, in case the response was lost. After that, its use
//! ends the whole grant.

use crate::{
    Provider,
    domain::{
        application::Application, lifetime, oidc_error::OidcError, parameters::Parameters,
        rotation, scope::Scopes,
    },
    flows::tokens::{self, Basis, TokenResponse},
    secrets::Purpose,
    store::RefreshToken,
};

/// Refreshes with the token in the form, for the authenticated application.
pub(crate) async fn refresh(
    provider: &Provider,
    application: &Application,
    form: &Parameters,
) -> Result<TokenResponse, OidcError> {
    let (store, now) = (&provider.store, provider.clock.unix());
    let presented = form.required("refresh_token")?;
    let digest = provider.digests.digest(Purpose::RefreshToken, presented);
    let token = store
        .refresh_token(&digest, now)
        .await?
        .filter(|token| token.application_id == application.id && token.expires_at > now)
        .ok_or(OidcError::InvalidGrant)?;
    if let Some(replaced_at) = token.replaced_at
        && now - replaced_at > lifetime::REPLACED_REFRESH_TOKEN
    {
        store.revoke_grant(&token.grant_id).await?;
        return Err(OidcError::InvalidGrant);
    }
    let scopes = narrowed(&token, form)?;
    let mut response = tokens::issue(provider, &basis(application, &token, &scopes)).await?;
    response.refresh_token = Some(if rotation::is_due(application, &token.life(), now) {
        store.replace_refresh_token(&digest, now).await?;
        // The new token keeps all scopes: a narrower `scope` is for one response only.
        let basis = basis(application, &token, &token.scopes);
        tokens::issue_refresh_token(provider, &basis, token.chain_began_at).await?
    } else {
        presented.to_owned()
    });
    Ok(response)
}

/// The scopes of this request: all granted scopes, or the subset that it names.
fn narrowed(token: &RefreshToken, form: &Parameters) -> Result<Scopes, OidcError> {
    let Some(text) = form.optional("scope")? else {
        return Ok(token.scopes.clone());
    };
    let requested = Scopes::parse(text);
    let missing = requested.missing_in(&token.scopes);
    if missing.is_empty() {
        Ok(requested)
    } else {
        Err(OidcError::ScopeNotGranted {
            missing: missing.to_string(),
        })
    }
}

fn basis<'a>(
    application: &'a Application,
    token: &'a RefreshToken,
    scopes: &'a Scopes,
) -> Basis<'a> {
    Basis {
        application,
        user_id: &token.user_id,
        grant_id: &token.grant_id,
        scopes,
        nonce: token.nonce.as_deref(),
        auth_time: token.auth_time,
        sid: &token.sid,
        session_uid: token.session_uid.as_deref(),
    }
}
