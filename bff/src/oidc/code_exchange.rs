//! A code into an identity: the token request, and the verification of what comes (OpenID Connect Core 1.0,
//! section 3.1.3).

use super::{
    Client,
    discovery::{Metadata, MetadataError},
    http_client::HttpClientError,
    id_token::{Expected, IdTokenError, SignedClaims},
};
use openidconnect::{
    AccessToken, AuthorizationCode, Nonce, OAuth2TokenResponse, PkceCodeVerifier, RefreshToken,
    RequestTokenError, TokenResponse,
    core::{CoreClient, CoreErrorResponseType, CoreIdToken, CoreTokenResponse, CoreTokenType},
};
use shared::Claims;
use std::sync::Arc;

/// Its claims are in every page and its text in the session: Logto's has one or two kilobytes.
const LARGEST_ID_TOKEN: usize = 16 * 1024;

/// What a code was exchanged for, verified.
pub(crate) struct IdentityTokens {
    pub(crate) claims: Claims,
    pub(crate) sid: Option<String>,
    pub(crate) id_token: String,
    pub(crate) access_token: AccessToken,
    pub(crate) refresh_token: Option<RefreshToken>,
}

/// Why a code gave no identity.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExchangeError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Http(HttpClientError),
    /// The token endpoint answered with an OAuth error; for `invalid_client` an operator must act.
    #[error("the token endpoint answered `{0}`")]
    Refused(String),
    #[error("the token response is wrong: {0}")]
    Malformed(&'static str),
    #[error("the ID token is refused: {0}")]
    IdToken(#[from] IdTokenError),
}

impl Client {
    /// Exchanges a code and verifies what comes (OpenID Connect Core 1.0, section 3.1.3).
    pub(crate) async fn exchange(
        &self,
        code: AuthorizationCode,
        pkce_verifier: PkceCodeVerifier,
        nonce: &Nonce,
    ) -> Result<IdentityTokens, ExchangeError> {
        let metadata = self.metadata().await?;
        let response = self.token_request(&metadata, code, pkce_verifier).await?;
        let access_token = usable(response.access_token())?;
        if *response.token_type() != CoreTokenType::Bearer {
            return Err(ExchangeError::Malformed("token_type"));
        }
        let id_token = response
            .id_token()
            .ok_or(ExchangeError::Malformed("id_token"))?;
        let raw = id_token.to_string();
        if raw.len() > LARGEST_ID_TOKEN {
            return Err(ExchangeError::Malformed("id_token is too large"));
        }
        let signed = self
            .verify(id_token, metadata, nonce, &access_token)
            .await?;
        Ok(IdentityTokens {
            claims: signed.claims,
            sid: signed.sid,
            id_token: raw,
            access_token,
            refresh_token: response.refresh_token().cloned(),
        })
    }

    /// `client_secret_basic` with id and secret form-encoded (RFC 6749, section 2.3.1).
    async fn token_request(
        &self,
        metadata: &Metadata,
        code: AuthorizationCode,
        pkce_verifier: PkceCodeVerifier,
    ) -> Result<CoreTokenResponse, ExchangeError> {
        let (id, secret) = (
            self.provider.client_id.clone(),
            self.provider.client_secret.clone(),
        );
        let answer = CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(self.redirect_uri.clone())
            .exchange_code(code)
            .map_err(|_| ExchangeError::Malformed("discovery names no token endpoint"))?
            .set_pkce_verifier(pkce_verifier)
            .request_async(&self.http)
            .await;
        answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => {
                ExchangeError::Refused(known_name(refusal.error()))
            }
            RequestTokenError::Request(cause) => ExchangeError::Http(cause),
            // The library's words would carry the body, and the body may carry tokens.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                ExchangeError::Malformed("not understood")
            }
        })
    }

    /// A key that is not known may be a new one: its set is asked for once more.
    async fn verify(
        &self,
        id_token: &CoreIdToken,
        metadata: Arc<Metadata>,
        nonce: &Nonce,
        access_token: &AccessToken,
    ) -> Result<SignedClaims, ExchangeError> {
        let verify = |metadata: &Metadata| {
            let now = self.clock.unix();
            Expected {
                provider: &self.provider,
                metadata,
                nonce,
                access_token,
                now,
            }
            .verify(id_token)
        };
        match verify(&metadata) {
            Err(IdTokenError::UnknownKey) => {
                let newer = self.discovery.newer_than(&metadata, &self.http).await?;
                Ok(verify(&newer)?)
            }
            verified => Ok(verified?),
        }
    }
}

/// An access token must fit into a header (RFC 6750, section 2.1), or the crates below panic on it.
fn usable(access_token: &AccessToken) -> Result<AccessToken, ExchangeError> {
    let fits = access_token
        .secret()
        .bytes()
        .all(|byte| byte.is_ascii_graphic())
        && !access_token.secret().is_empty();
    fits.then(|| access_token.clone())
        .ok_or(ExchangeError::Malformed("access_token"))
}

/// The error codes of RFC 6749, section 5.2; any other text is not repeated.
fn known_name(error: &CoreErrorResponseType) -> String {
    match error {
        CoreErrorResponseType::Extension(_) => "another error".to_owned(),
        known => known.to_string(),
    }
}
