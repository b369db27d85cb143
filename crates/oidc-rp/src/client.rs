//! The client, and what its requests have in common. What it does is in the files of the steps, such as `code_exchange`.

use crate::{
    ClientConfig, Observer,
    discovery::{Discovery, Metadata, MetadataError},
    http_client::{Endpoint, HttpClient, HttpClientError},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clock::Clock;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use openidconnect::{AsyncHttpClient, HttpResponse};
use std::sync::{Arc, Once};
use url::{Url, form_urlencoded};

/// A confidential client of one OpenID Provider.
pub struct Client {
    pub(crate) config: ClientConfig,
    pub(crate) http: HttpClient,
    pub(crate) discovery: Discovery,
    pub(crate) clock: Clock,
    /// The first ID token without `sid` is logged.
    pub(crate) without_sid: Once,
}

impl Client {
    /// A client of the provider that `config` names. It sends nothing yet, so the provider may be down.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        config: ClientConfig,
        clock: Clock,
        observer: impl Observer + 'static,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: HttpClient::new(&config, observer)?,
            discovery: Discovery::new(&config, clock.clone()),
            config,
            clock,
            without_sid: Once::new(),
        })
    }

    /// Whether the provider's endpoints are known, or can be fetched now.
    ///
    /// # Errors
    /// As [`Client::metadata`].
    pub async fn ping(&self) -> Result<(), MetadataError> {
        self.metadata().await.map(|_| ())
    }

    /// The provider's metadata and keys, fetched every ten minutes. Old metadata stays in use while the provider is down.
    ///
    /// # Errors
    /// When there is no metadata yet, and it cannot be fetched.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.discovery.metadata(&self.http).await
    }

    /// Posts a form with the client's credentials, `client_secret_basic` (RFC 6749, section 2.3.1).
    pub(crate) async fn post_form(
        &self,
        endpoint: Endpoint,
        url: &Url,
        form: &str,
    ) -> Result<HttpResponse, HttpClientError> {
        let request = http::Request::post(url.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, self.basic_credentials())
            .body(form.as_bytes().to_vec())
            .map_err(|_| HttpClientError::not_an_address())?;
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
}
