//! The relying party's errands: begin a sign-in, exchange a code, revoke, end the session at the provider.

use super::{
    AuthorizationRequest, AuthorizationResponse,
    discovery::{Discovery, Metadata, MetadataError},
    http_client::{HttpClient, HttpClientError},
    id_token::{Expected, IdTokenError, SignedClaims},
    logout_token::{self, LogoutToken, LogoutTokenError},
};
use crate::config::{BaseUrl, ProviderConfig};
use base64::{Engine, engine::general_purpose::STANDARD};
use clock::Clock;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthorizationCode, Nonce, OAuth2TokenResponse, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, TokenResponse,
    core::{CoreClient, CoreErrorResponseType, CoreIdToken, CoreTokenResponse, CoreTokenType},
};
use shared::{Claims, SignInOptions};
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// Its claims are in every page and its text in the session: Logto's has one or two kilobytes.
const LARGEST_ID_TOKEN: usize = 16 * 1024;

/// A confidential client of one OpenID Provider.
pub(crate) struct Client {
    provider: ProviderConfig,
    redirect_uri: RedirectUrl,
    post_logout_redirect_uri: String,
    http: HttpClient,
    discovery: Discovery,
    clock: Clock,
}

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

/// Why a logout token ends nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogoutTokenFailure {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("the logout token is refused: {0}")]
    Refused(#[from] LogoutTokenError),
}

impl Client {
    pub(crate) fn new(
        provider: ProviderConfig,
        base_url: &BaseUrl,
        clock: Clock,
    ) -> Result<Self, ClientError> {
        let issuer = provider.issuer.clone();
        Ok(Self {
            redirect_uri: RedirectUrl::new(base_url.redirect_uri())?,
            post_logout_redirect_uri: base_url.post_logout_redirect_uri(),
            http: HttpClient::new(issuer.url(), provider.internal_url.clone())?,
            discovery: Discovery::new(issuer, clock.clone()),
            provider,
            clock,
        })
    }

    /// Whether the provider has told, or tells now, where its endpoints are.
    pub(crate) async fn ping(&self) -> Result<(), MetadataError> {
        self.metadata().await.map(|_| ())
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.discovery.metadata(&self.http).await
    }

    /// Where to send the browser for a sign-in.
    pub(crate) async fn authorization_request(
        &self,
        options: &SignInOptions,
    ) -> Result<AuthorizationRequest, MetadataError> {
        let metadata = self.metadata().await?;
        Ok(AuthorizationRequest::new(
            &metadata,
            &self.provider,
            self.redirect_uri.clone(),
            options,
        ))
    }

    /// RFC 9207: a provider that promises `iss` must send it, and whoever sends it must be our issuer.
    pub(crate) async fn is_from_issuer(
        &self,
        response: &AuthorizationResponse,
    ) -> Result<bool, MetadataError> {
        match &response.unverified_iss {
            Some(iss) => Ok(iss == self.provider.issuer.as_str()),
            None => Ok(!self
                .metadata()
                .await?
                .additional_metadata()
                .authorization_response_iss_parameter_supported),
        }
    }

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

    /// Verifies a logout token; a key that is not known is looked for once.
    pub(crate) async fn verify_logout_token(
        &self,
        unverified_token: &str,
    ) -> Result<LogoutToken, LogoutTokenFailure> {
        let verify = |metadata: &Metadata| {
            let now = self.clock.unix();
            logout_token::Expected {
                provider: &self.provider,
                metadata,
                now,
            }
            .verify(unverified_token)
        };
        let metadata = self.metadata().await?;
        match verify(&metadata) {
            Err(LogoutTokenError::UnknownKey) => {
                let newer = self.discovery.newer_than(&metadata, &self.http).await?;
                Ok(verify(&newer)?)
            }
            verified => Ok(verified?),
        }
    }

    /// Revokes a refresh token, and with it the grant (RFC 7009). What fails is logged: the person signs out all the same.
    pub(crate) async fn revoke(&self, refresh_token: RefreshToken) {
        if let Err(cause) = self.try_revoke(refresh_token).await {
            tracing::warn!(event = "sign_out.revocation_failed", cause);
        }
    }

    /// Written by hand, because the library refuses a revocation endpoint that is not https, also on loopback.
    async fn try_revoke(&self, refresh_token: RefreshToken) -> Result<(), String> {
        let metadata = self.metadata().await.map_err(|error| error.to_string())?;
        let Some(endpoint) = &metadata.additional_metadata().revocation_endpoint else {
            return Ok(());
        };
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", refresh_token.secret())
            .append_pair("token_type_hint", "refresh_token")
            .finish();
        let request = http::Request::post(endpoint.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, self.basic_credentials())
            .body(body.into_bytes())
            .map_err(|_| "its address is not one".to_owned())?;
        let response = self
            .http
            .call(request)
            .await
            .map_err(|error| error.to_string())?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("status {}", response.status()))
        }
    }

    /// Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1).
    fn basic_credentials(&self) -> String {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (
            encode(self.provider.client_id.as_str()),
            encode(self.provider.client_secret.secret()),
        );
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
    }

    /// Where to send the browser to end the session at the provider (RP-Initiated Logout 1.0, section 2);
    /// none when the provider has no such place or is down.
    pub(crate) async fn end_session_url(&self, id_token_hint: &str) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let mut url = metadata
            .additional_metadata()
            .end_session_endpoint
            .as_ref()?
            .url()
            .clone();
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token_hint)
            .append_pair("client_id", self.provider.client_id.as_str())
            .append_pair("post_logout_redirect_uri", &self.post_logout_redirect_uri);
        Some(url)
    }
}

/// The settings do not make a client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// `BASE_URL` gives no redirect URI.
    #[error("the redirect URI is not an address")]
    RedirectUri(#[from] url::ParseError),
    /// TLS cannot be set up.
    #[error("the HTTP client cannot be built")]
    Http(#[from] reqwest::Error),
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
