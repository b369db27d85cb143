//! The relying party: a confidential client of one OpenID Provider. What it does with a code, with a logout
//! token and at sign-out is in `code_exchange`, `logout_token` and `provider_sign_out`.

use crate::{
    AuthorizationRequest, AuthorizationRequestError, AuthorizationResponse, ClientConfig, Observer,
    discovery::{Discovery, Metadata, MetadataError},
    http_client::{Endpoint, HttpClient, HttpClientError},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clock::Clock;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use openidconnect::{AsyncHttpClient, HttpResponse};
use shared::SignInOptions;
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// A confidential client of one OpenID Provider.
pub struct Client {
    pub(crate) config: ClientConfig,
    pub(crate) http: HttpClient,
    pub(crate) discovery: Discovery,
    pub(crate) clock: Clock,
}

impl Client {
    /// A client of the provider that `config` names. Nothing is sent yet: the provider may be down.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        config: ClientConfig,
        clock: Clock,
        observer: impl Observer + 'static,
    ) -> Result<Self, reqwest::Error> {
        let issuer = config.issuer.clone();
        Ok(Self {
            http: HttpClient::new(issuer.url(), config.internal_url.clone(), observer)?,
            discovery: Discovery::new(issuer, clock.clone()),
            config,
            clock,
        })
    }

    /// Whether the provider has told, or tells now, where its endpoints are.
    ///
    /// # Errors
    /// When it has not, and cannot be reached now.
    pub async fn ping(&self) -> Result<(), MetadataError> {
        self.metadata().await.map(|_| ())
    }

    /// The provider's metadata, cached for ten minutes; an old one serves while a newer one cannot be fetched.
    ///
    /// # Errors
    /// When there is none yet.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.discovery.metadata(&self.http).await
    }

    /// Where to send the browser for a sign-in.
    ///
    /// # Errors
    /// When the provider cannot be reached, or refuses a pushed request.
    pub async fn authorization_request(
        &self,
        options: &SignInOptions,
    ) -> Result<AuthorizationRequest, AuthorizationRequestError> {
        let metadata = self.discovery.reachable(&self.http).await?;
        let request = AuthorizationRequest::new(&metadata, &self.config, options);
        Ok(AuthorizationRequest {
            url: self.push(&metadata, request.url).await?,
            ..request
        })
    }

    /// Posts a form as a client that names itself by `client_secret_basic` (RFC 6749, section 2.3.1). For what the
    /// library does not know, or refuses because it is not https, also on loopback.
    pub(crate) async fn post_form(
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
            encode(self.config.client_id.as_str()),
            encode(self.config.client_secret.secret()),
        );
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
    }

    /// RFC 9207: a provider that promises `iss` must send it, and whoever sends it must be our issuer.
    ///
    /// # Errors
    /// When discovery failed.
    pub async fn is_from_issuer(
        &self,
        response: &AuthorizationResponse,
    ) -> Result<bool, MetadataError> {
        match &response.unverified_iss {
            Some(iss) => Ok(iss == self.config.issuer.as_str()),
            None => Ok(!self
                .metadata()
                .await?
                .additional_metadata()
                .authorization_response_iss_parameter_supported),
        }
    }
}
