//! The provider's metadata and keys (OpenID Connect Discovery 1.0). They are fetched when they are needed, so a program starts
//! while the provider is down. They are cached, and stay in use when a later request fails.

use crate::http_client::{Endpoint, HttpClient, HttpClientError};
use clock::Clock;
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, JsonWebKeySet, ProviderMetadata,
    TokenUrl, UserInfoUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// The provider's metadata with its keys.
pub type Metadata = ProviderMetadata<
    Endpoints,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What further specifications add to the metadata.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Endpoints {
    /// OpenID Connect RP-Initiated Logout 1.0, section 2.1.
    pub end_session_endpoint: Option<Url>,
    /// RFC 8414, section 2.
    pub revocation_endpoint: Option<Url>,
    /// RFC 9126, section 5.
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// RFC 9207, section 3.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// OpenID Connect Back-Channel Logout 1.0, section 2.1.
    #[serde(default)]
    pub backchannel_logout_supported: bool,
}

impl AdditionalProviderMetadata for Endpoints {}

/// Seconds after which the metadata is fetched again.
const FRESH_SECONDS: i64 = 600;
/// Seconds for which a provider that responded counts as reachable when a sign-in begins.
const REACHED_SECONDS: i64 = 30;
/// Seconds without a request after a failure, and between two requests for an unknown key.
const THROTTLE_SECONDS: i64 = 5;

/// Metadata, fetched by one task at a time while the others wait for it.
#[derive(Debug)]
pub(crate) struct Discovery {
    issuer: IssuerUrl,
    clock: Clock,
    cached: Mutex<Cached>,
}

#[derive(Debug, Default)]
struct Cached {
    metadata: Option<Arc<Metadata>>,
    fetched_at: i64,
    failed_at: Option<i64>,
    /// Whether the last request had no response.
    unreachable: bool,
    searched_at: Option<i64>,
}

/// There is no metadata.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// There was no response.
    #[error(transparent)]
    Http(HttpClientError),
    /// The document or the keys are wrong.
    #[error("discovery: {0}")]
    Refused(String),
    /// The last request failed less than five seconds ago.
    #[error("discovery failed a moment ago and is not tried again yet")]
    Throttled,
    /// There is metadata, but a sign-in that begins now could not end.
    #[error("the provider was there before and cannot be reached now")]
    Unreachable,
}

impl Discovery {
    pub(crate) fn new(issuer: IssuerUrl, clock: Clock) -> Self {
        Self {
            issuer,
            clock,
            cached: Mutex::default(),
        }
    }

    /// The cached metadata while it is fresh, or while newer metadata cannot be fetched.
    pub(crate) async fn metadata(&self, http: &HttpClient) -> Result<Arc<Metadata>, MetadataError> {
        let mut cached = self.cached.lock().await;
        match &cached.metadata {
            Some(metadata) if self.clock.unix() - cached.fetched_at < FRESH_SECONDS => {
                Ok(metadata.clone())
            }
            _ => self.fetch(&mut cached, http).await,
        }
    }

    /// The metadata for the beginning of a sign-in. A provider that is down would leave the person on an error page of the
    /// browser, so this fetches more often, and old metadata does not suffice.
    pub(crate) async fn reachable(
        &self,
        http: &HttpClient,
    ) -> Result<Arc<Metadata>, MetadataError> {
        let mut cached = self.cached.lock().await;
        match &cached.metadata {
            Some(metadata) if self.clock.unix() - cached.fetched_at < REACHED_SECONDS => {
                Ok(metadata.clone())
            }
            _ => {
                let metadata = self.fetch(&mut cached, http).await?;
                if cached.unreachable {
                    Err(MetadataError::Unreachable)
                } else {
                    Ok(metadata)
                }
            }
        }
    }

    /// Newer metadata, for a token whose key is not in `known`. `None` when there is nothing newer.
    pub(crate) async fn newer_than(
        &self,
        known: &Arc<Metadata>,
        http: &HttpClient,
    ) -> Result<Option<Arc<Metadata>>, MetadataError> {
        let mut cached = self.cached.lock().await;
        let now = self.clock.unix();
        let newest = match &cached.metadata {
            Some(metadata) if is_recent(cached.searched_at, now) => metadata.clone(),
            _ => {
                cached.searched_at = Some(now);
                self.fetch(&mut cached, http).await?
            }
        };
        Ok((!Arc::ptr_eq(&newest, known)).then_some(newest))
    }

    /// Fetches, unless that failed a moment ago. Falls back on the cached metadata.
    async fn fetch(
        &self,
        cached: &mut Cached,
        http: &HttpClient,
    ) -> Result<Arc<Metadata>, MetadataError> {
        let fetched = if is_recent(cached.failed_at, self.clock.unix()) {
            Err(MetadataError::Throttled)
        } else {
            self.request(http).await
        };
        // After the request: tasks that waited for it must find a recent failure.
        let now = self.clock.unix();
        match (fetched, &cached.metadata) {
            (Ok(metadata), _) => {
                let metadata = Arc::new(metadata);
                cached.metadata = Some(metadata.clone());
                cached.fetched_at = now;
                cached.failed_at = None;
                cached.unreachable = false;
                Ok(metadata)
            }
            (Err(error), old) => {
                let old = old.clone();
                if !matches!(error, MetadataError::Throttled) {
                    cached.failed_at = Some(now);
                    cached.unreachable = matches!(error, MetadataError::Http(_));
                    let kept_old = old.is_some();
                    tracing::warn!(event = "discovery.failed", cause = %error, kept_old);
                }
                old.ok_or(error)
            }
        }
    }

    /// The issuer in the document must be ours (Discovery 1.0, section 4.3), which the library checks.
    async fn request(&self, http: &HttpClient) -> Result<Metadata, MetadataError> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &http.at(Endpoint::Discovery))
            .await
            .map_err(MetadataError::from)?;
        if !is_secure(&metadata) {
            return Err(MetadataError::Refused(
                "an endpoint is not https".to_owned(),
            ));
        }
        Ok(without_private_keys(metadata))
    }
}

/// Whether every endpoint is https, or the issuer is not (on loopback). Some get codes and the client secret, and browsers are
/// sent to others.
fn is_secure(metadata: &Metadata) -> bool {
    let further = metadata.additional_metadata();
    let endpoints = [
        Some(metadata.authorization_endpoint().url()),
        metadata.token_endpoint().map(TokenUrl::url),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        Some(metadata.jwks_uri().url()),
        further.end_session_endpoint.as_ref(),
        further.revocation_endpoint.as_ref(),
        further.pushed_authorization_request_endpoint.as_ref(),
    ];
    let issuer = metadata.issuer().url();
    let secure = |url: &Url| url.scheme() == "https" || url.scheme() == issuer.scheme();
    endpoints.into_iter().flatten().all(secure)
}

/// A key with a published private part proves nothing, because anybody can sign with it.
fn without_private_keys(metadata: Metadata) -> Metadata {
    let is_private = |key: &CoreJsonWebKey| {
        serde_json::to_value(key).is_ok_and(|members| members.get("d").is_some())
    };
    let (private, public): (Vec<_>, Vec<_>) =
        metadata.jwks().keys().iter().cloned().partition(is_private);
    if !private.is_empty() {
        tracing::error!(event = "discovery.private_keys", ignored = private.len());
    }
    metadata.set_jwks(JsonWebKeySet::new(public))
}

fn is_recent(then: Option<i64>, now: i64) -> bool {
    then.is_some_and(|then| (0..THROTTLE_SECONDS).contains(&(now - then)))
}

impl From<DiscoveryError<HttpClientError>> for MetadataError {
    fn from(error: DiscoveryError<HttpClientError>) -> Self {
        match error {
            DiscoveryError::Request(cause) => Self::Http(cause),
            // The library's text repeats the whole body.
            DiscoveryError::Response(status, ..) => Self::Refused(format!("status {status}")),
            DiscoveryError::Parse(error) => {
                let member = crate::visible(&error.path().to_string());
                Self::Refused(format!("member `{member}` is wrong"))
            }
            DiscoveryError::Validation(_) => {
                Self::Refused("the issuer in the document is another one".to_owned())
            }
            _ => Self::Refused("the document is not understood".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
