//! The relying party: a confidential client of one OpenID Provider. What it does with a code, with a logout
//! token and at sign-out is in `code_exchange`, `logout_token` and `provider_sign_out`.

use super::{
    AuthorizationRequest, AuthorizationRequestError, AuthorizationResponse,
    discovery::{Discovery, Metadata, MetadataError},
    http_client::{Endpoint, HttpClient, HttpClientError},
};
use crate::{
    config::{BaseUrl, ProviderConfig},
    metrics::{FaultsBy, SecondsBy},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clock::Clock;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use openidconnect::{AsyncHttpClient, HttpResponse, RedirectUrl};
use shared::SignInOptions;
use std::sync::Arc;
use url::{Url, form_urlencoded};

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

    /// How long the provider takes, and what goes wrong with it.
    pub(crate) fn measured(&self) -> (&SecondsBy, &FaultsBy) {
        self.http.measured()
    }

    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.discovery.metadata(&self.http).await
    }

    /// Where to send the browser for a sign-in.
    pub(crate) async fn authorization_request(
        &self,
        options: &SignInOptions,
    ) -> Result<AuthorizationRequest, AuthorizationRequestError> {
        let metadata = self.discovery.reachable(&self.http).await?;
        let redirect_uri = self.redirect_uri.clone();
        let request = AuthorizationRequest::new(&metadata, &self.provider, redirect_uri, options);
        Ok(AuthorizationRequest {
            url: self.push(&metadata, request.url).await?,
            ..request
        })
    }

    /// Posts a form as a client that names itself by `client_secret_basic` (RFC 6749, section 2.3.1). For what the
    /// library does not know, or refuses because it is not https, also on loopback.
    pub(super) async fn post_form(
        &self,
        (endpoint, url): (Endpoint, &Url),
        form: &str,
    ) -> Result<HttpResponse, HttpClientError> {
        let request = http::Request::post(url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, self.basic_credentials())
            .body(form.as_bytes().to_vec())
            .map_err(|_| HttpClientError::Unreachable("its address is not one".to_owned()))?;
        self.http.at(endpoint).call(request).await
    }

    /// Id and secret are form-encoded before they are joined.
    fn basic_credentials(&self) -> String {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (
            encode(self.provider.client_id.as_str()),
            encode(self.provider.client_secret.secret()),
        );
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
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
