//! Userinfo (OpenID Connect Core 1.0, section 5.3): the claims of the scopes that the access token was granted.

use crate::{
    Provider,
    domain::{claims::UserinfoClaims, oidc_error::OidcError},
    secrets::Purpose,
};

/// The claims that the access token was granted.
pub(crate) async fn claims(
    provider: &Provider,
    access_token: &str,
) -> Result<UserinfoClaims, OidcError> {
    let digest = provider.digests.digest(Purpose::AccessToken, access_token);
    let token = provider
        .store
        .access_token(&digest, provider.clock.unix())
        .await?
        .ok_or(OidcError::InvalidAccessToken)?;
    if !token.scopes.contains("openid") {
        return Err(OidcError::InsufficientScope);
    }
    let user = provider
        .store
        .user(&token.user_id)
        .await?
        .ok_or(OidcError::InvalidAccessToken)?;
    Ok(UserinfoClaims::new(&user, &token.scopes))
}
