//! Token revocation (RFC 7009): a refresh token takes its whole grant with it, an access token only itself.

use crate::{
    Provider,
    domain::{application::Application, oidc_error::OidcError},
    secrets::Purpose,
};

/// Ends a token of the application. An unknown token, or one of another application, changes nothing and is no error.
pub(crate) async fn revoke(
    provider: &Provider,
    application: &Application,
    token: &str,
) -> Result<(), OidcError> {
    let digest = |purpose| provider.digests.digest(purpose, token);
    provider
        .store
        .revoke_grant_of_refresh_token(&digest(Purpose::RefreshToken), &application.id)
        .await?;
    provider
        .store
        .revoke_access_token(&digest(Purpose::AccessToken), &application.id)
        .await?;
    Ok(())
}
