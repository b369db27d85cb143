//! Token revocation (RFC 7009). Revoking a refresh token ends its whole grant; revoking an access token ends only that
//! token.

use crate::{
    Provider,
    domain::{application::Application, oidc_error::OidcError},
    secrets::Purpose,
};

/// Revokes a token of the application. An unknown token, or one of another application, is ignored.
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
