//! Exchanges an authorization code for tokens, once (RFC 6749, section 4.1.3). A second use means that the code or the
//! response was stolen, so it ends all tokens of the grant (RFC 6749, section 10.5).

use crate::{
    Provider,
    domain::{
        application::Application, oidc_error::OidcError, parameters::Parameters, pkce,
        scope::OFFLINE_ACCESS,
    },
    flows::tokens::{self, Basis, TokenResponse},
    secrets::Purpose,
    store::AuthorizationCode,
};

/// Exchanges the code in the form, for the authenticated application.
pub(crate) async fn exchange(
    provider: &Provider,
    application: &Application,
    form: &Parameters,
) -> Result<TokenResponse, OidcError> {
    let digest = provider
        .digests
        .digest(Purpose::AuthorizationCode, form.required("code")?);
    let code = provider
        .store
        .code(&digest, provider.clock.unix())
        .await?
        .filter(|code| code.application_id == application.id)
        .ok_or(OidcError::InvalidGrant)?;
    if code.used {
        provider.store.revoke_grant(&code.grant_id).await?;
        return Err(OidcError::InvalidGrant);
    }
    check(provider, &code, form)?;
    if !provider.store.use_code(&digest).await? {
        provider.store.revoke_grant(&code.grant_id).await?;
        return Err(OidcError::InvalidGrant);
    }
    issue_tokens(provider, application, &code).await
}

/// A code that fails these checks stays unused, so that the client can retry.
fn check(
    provider: &Provider,
    code: &AuthorizationCode,
    form: &Parameters,
) -> Result<(), OidcError> {
    if code.expires_at <= provider.clock.unix() {
        return Err(OidcError::InvalidGrant);
    }
    // Logto allows the parameter to be left out. PKCE and client authentication bind the code in any case.
    if let Some(redirect_uri) = form.optional("redirect_uri")?
        && redirect_uri != code.redirect_uri
    {
        return Err(OidcError::InvalidGrant);
    }
    pkce::verify(
        code.code_challenge.as_ref(),
        form.optional("code_verifier")?,
    )
}

async fn issue_tokens(
    provider: &Provider,
    application: &Application,
    code: &AuthorizationCode,
) -> Result<TokenResponse, OidcError> {
    let basis = Basis {
        application,
        user_id: &code.user_id,
        grant_id: &code.grant_id,
        scopes: &code.scopes,
        nonce: code.nonce.as_deref(),
        auth_time: code.auth_time,
        sid: &code.sid,
        session_uid: code.session_uid.as_deref(),
    };
    let mut response = tokens::issue(provider, &basis).await?;
    if code.scopes.contains(OFFLINE_ACCESS) || application.always_issue_refresh_token {
        let now = provider.clock.unix();
        response.refresh_token = Some(tokens::issue_refresh_token(provider, &basis, now).await?);
    }
    Ok(response)
}
