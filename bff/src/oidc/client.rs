//! The relying party: a confidential client of one OpenID Provider. What it does with a code, with a logout
//! token and at sign-out is in `code_exchange`, `logout_token` and `provider_sign_out`.

use super::{
    AuthorizationRequest, AuthorizationResponse,
    discovery::{Discovery, Metadata, MetadataError},
    http_client::HttpClient,
};
use crate::config::{BaseUrl, ProviderConfig};
use clock::Clock;
use openidconnect::RedirectUrl;
use shared::SignInOptions;
use std::sync::Arc;

/// A confidential client of one OpenID Provider.
pub(crate) struct Client {
    pub(super) provider: ProviderConfig,
    pub(super) redirect_uri: RedirectUrl,
    pub(super) post_logout_redirect_uri: String,
    pub(super) http: HttpClient,
    pub(super) discovery: Discovery,
    pub(super) clock: Clock,
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

    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.discovery.metadata(&self.http).await
    }

    /// Where to send the browser for a sign-in.
    pub(crate) async fn authorization_request(
        &self,
        options: &SignInOptions,
    ) -> Result<AuthorizationRequest, MetadataError> {
        let metadata = self.discovery.reachable(&self.http).await?;
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
