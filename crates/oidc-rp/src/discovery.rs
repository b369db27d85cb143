//! The provider's metadata and keys (OpenID Connect Discovery 1.0). They are fetched when they are needed, so a program starts
//! while the provider is down. They are cached, and stay in use when a later request fails.

use crate::{
    ClientConfig,
    endpoint_rule::EndpointError,
    http_client::{Endpoint, HttpClient, HttpClientError, other_media_type},
    key_set,
};
use clock::Clock;
use http::StatusCode;
use openidconnect::{
    AdditionalProviderMetadata, JsonWebKeySet, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
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
/// Seconds for which the keys count as the newest when a session ends.
const NEWEST_SECONDS: i64 = 1;
/// Seconds without a request after a failure, and between two requests for an unknown key.
const THROTTLE_SECONDS: i64 = 5;

/// Metadata, fetched by one task at a time while the others wait for it.
#[derive(Debug)]
pub(crate) struct Discovery {
    config: ClientConfig,
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
    /// An endpoint in the document must not be used.
    #[error("discovery: {0}")]
    Endpoint(#[from] EndpointError),
    /// The last request failed less than five seconds ago.
    #[error("discovery failed a moment ago and is not tried again yet")]
    Throttled,
    /// There is metadata, but a sign-in that begins now could not end.
    #[error("the provider was there before and cannot be reached now")]
    Unreachable,
}

impl Discovery {
    pub(crate) fn new(config: &ClientConfig, clock: Clock) -> Self {
        Self {
            config: config.clone(),
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
        self.younger_than(REACHED_SECONDS, http).await
    }

    /// The same for the end of a session: a provider refuses a token whose key it withdrew a moment ago.
    pub(crate) async fn newest(&self, http: &HttpClient) -> Result<Arc<Metadata>, MetadataError> {
        self.younger_than(NEWEST_SECONDS, http).await
    }

    async fn younger_than(
        &self,
        seconds: i64,
        http: &HttpClient,
    ) -> Result<Arc<Metadata>, MetadataError> {
        let mut cached = self.cached.lock().await;
        match &cached.metadata {
            Some(metadata) if self.clock.unix() - cached.fetched_at < seconds => {
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
            self.request(http, cached.metadata.is_some()).await
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

    /// The document (Discovery 1.0, section 4.2), and the keys that it names. A key set that has no key, as during a rotation,
    /// is refused when there are known ones.
    async fn request(&self, http: &HttpClient, known: bool) -> Result<Metadata, MetadataError> {
        let issuer = &self.config.issuer;
        let url = issuer.join(".well-known/openid-configuration");
        let url = url.map_err(|_| MetadataError::Http(HttpClientError::not_an_address()))?;
        let metadata: Metadata = get(http, &url).await?;
        // Section 4.3.
        if metadata.issuer() != issuer {
            let another = "the issuer in the document is another one";
            return Err(MetadataError::Refused(another.to_owned()));
        }
        self.config.check_endpoints(&metadata)?;
        let published = get(http, metadata.jwks_uri().url()).await?;
        let keys = match key_set::usable(&published) {
            None if known => {
                return Err(MetadataError::Refused("the key set has no key".to_owned()));
            }
            keys => keys.unwrap_or_default(),
        };
        Ok(metadata.set_jwks(JsonWebKeySet::new(keys)))
    }
}

/// A JSON document. An error names the member that is wrong.
async fn get<T: DeserializeOwned>(http: &HttpClient, url: &Url) -> Result<T, MetadataError> {
    let response = http.get(Endpoint::Discovery, url).await;
    let response = response.map_err(MetadataError::Http)?;
    if response.status() != StatusCode::OK {
        return Err(MetadataError::Refused(format!(
            "status {}",
            response.status()
        )));
    }
    // Key sets have a media type of their own (RFC 7517, section 8.5).
    let json = other_media_type(response.headers(), "application/json");
    let key_set = other_media_type(response.headers(), "application/jwk-set+json");
    if let (Some(fault), Some(_)) = (json, key_set) {
        return Err(MetadataError::Refused(fault));
    }
    let json = &mut serde_json::Deserializer::from_slice(response.body());
    serde_path_to_error::deserialize(json).map_err(|error| {
        let member = crate::visible(&error.path().to_string());
        MetadataError::Refused(format!("member `{member}` is wrong"))
    })
}

fn is_recent(then: Option<i64>, now: i64) -> bool {
    then.is_some_and(|then| (0..THROTTLE_SECONDS).contains(&(now - then)))
}

#[cfg(test)]
mod tests;
