//! A code into an identity: the token request, and the verification of what comes (OpenID Connect Core 1.0,
//! section 3.1.3).

use super::{
    Client,
    discovery::Metadata,
    http_client::Endpoint,
    id_token::{ExpectedNonce, SignedClaims},
    token_endpoint::{self, TokenError, UnverifiedTokens},
};
use openidconnect::{
    AccessToken, AuthorizationCode, Nonce, PkceCodeVerifier, RefreshToken, Scope, core::CoreClient,
};

/// What a code was exchanged for, verified.
pub(crate) struct IdentityTokens {
    pub(crate) identity: SignedClaims,
    pub(crate) access_token: AccessToken,
    /// Seconds from now; none when the provider does not say.
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<RefreshToken>,
    /// What the access token allows.
    pub(crate) scopes: Vec<Scope>,
}

impl Client {
    /// Exchanges a code and verifies what comes.
    pub(crate) async fn exchange(
        &self,
        code: AuthorizationCode,
        pkce_verifier: PkceCodeVerifier,
        nonce: &Nonce,
    ) -> Result<IdentityTokens, TokenError> {
        let metadata = self.metadata().await?;
        let tokens = self.token_request(&metadata, code, pkce_verifier).await?;
        let id_token = tokens.id_token.ok_or(TokenError::Malformed("id_token"))?;
        let nonce = ExpectedNonce::Exactly(nonce);
        Ok(IdentityTokens {
            identity: self
                .verify_id_token(&id_token, metadata, nonce, &tokens.access_token)
                .await?,
            access_token: tokens.access_token,
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            // Unsaid, it is what was asked for (RFC 6749, section 5.1).
            scopes: tokens
                .scopes
                .unwrap_or_else(|| self.provider.scopes.clone()),
        })
    }

    /// `client_secret_basic` with id and secret form-encoded (RFC 6749, section 2.3.1).
    async fn token_request(
        &self,
        metadata: &Metadata,
        code: AuthorizationCode,
        pkce_verifier: PkceCodeVerifier,
    ) -> Result<UnverifiedTokens, TokenError> {
        let (id, secret) = (
            self.provider.client_id.clone(),
            self.provider.client_secret.clone(),
        );
        let answer = CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(self.redirect_uri.clone())
            .exchange_code(code)
            .map_err(|_| TokenError::Malformed("discovery names no token endpoint"))?
            .set_pkce_verifier(pkce_verifier)
            .request_async(&self.http.at(Endpoint::Token))
            .await;
        token_endpoint::read(answer)
    }
}
