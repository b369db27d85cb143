//! What the provider says of itself (OpenID Connect Discovery 1.0): asked for lazily, so that the bff starts
//! while the provider is down; kept for a while; and kept on when a later question fails.

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

/// Seconds after which the metadata is asked for again.
const FRESH_SECONDS: i64 = 600;
/// Seconds for which a provider that answered is taken to be there when a sign-in begins.
const REACHED_SECONDS: i64 = 30;
/// Seconds after a failure, and between two searches for a key that is not known.
const THROTTLE_SECONDS: i64 = 5;

/// Metadata, fetched by one request at a time while the others wait for it.
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
    /// Whether the last question found nobody there.
    unreachable: bool,
    searched_at: Option<i64>,
}

/// Why there is no metadata.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// There was no response.
    #[error(transparent)]
    Http(HttpClientError),
    /// The document or the keys are wrong.
    #[error("discovery: {0}")]
    Refused(String),
    /// The last request failed less than five seconds ago.
    #[error("discovery failed a moment ago and is not asked again yet")]
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

    /// The metadata: the cached one while it is fresh, or when a newer one is not to be had.
    pub(crate) async fn metadata(&self, http: &HttpClient) -> Result<Arc<Metadata>, MetadataError> {
        let mut cached = self.cached.lock().await;
        match &cached.metadata {
            Some(metadata) if self.clock.unix() - cached.fetched_at < FRESH_SECONDS => {
                Ok(metadata.clone())
            }
            _ => self.fetch(&mut cached, http).await,
        }
    }

    /// The metadata for the beginning of a sign-in. A provider that cannot be reached could not finish it, and
    /// would leave the person on a page of the browser's; so this asks more often, and what is kept does not count then.
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

    /// Newer metadata, for a token of a key that is not in what was there; none when there is nothing newer.
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

    /// Asks, unless it failed a moment ago; falls back on what is there.
    async fn fetch(
        &self,
        cached: &mut Cached,
        http: &HttpClient,
    ) -> Result<Arc<Metadata>, MetadataError> {
        let answer = if is_recent(cached.failed_at, self.clock.unix()) {
            Err(MetadataError::Throttled)
        } else {
            self.ask(http).await
        };
        // After the answer: whoever waited for it must find a failure that is recent.
        let now = self.clock.unix();
        match (answer, &cached.metadata) {
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
    async fn ask(&self, http: &HttpClient) -> Result<Metadata, MetadataError> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &http.at(Endpoint::Discovery))
            .await
            .map_err(MetadataError::from)?;
        // Browsers are sent to some of them, the others get codes and the client secret.
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
        let secure =
            |url: &Url| url.scheme() == "https" || url.scheme() == self.issuer.url().scheme();
        if !endpoints.into_iter().flatten().all(secure) {
            return Err(MetadataError::Refused(
                "an endpoint is not https".to_owned(),
            ));
        }
        Ok(without_private_keys(metadata))
    }
}

/// A key whose private part is published is everybody's: what it signs says nothing.
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
            // The library's own text of a bad answer would carry the whole body.
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
