//! What all handlers share: built once from the settings, cheap to clone.

use crate::{
    client_address::TrustedProxies,
    config::{BaseUrl, Config, SessionConfig},
    oidc::{Client, ClientError},
    page::Page,
    rate_limit::RateLimit,
    security_headers::content_security_policy,
    session::{
        backoff::Backoff,
        cookie::CookieNames,
        keys::{Keys, Purpose},
        one_at_a_time::OneAtATime,
        store::Store,
    },
    user_info_cache::UserInfoCache,
};
use clock::Clock;
use http::HeaderValue;
use secrecy::SecretString;
use std::{ops::Deref, path::PathBuf, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The running application.
#[derive(Clone)]
pub struct AppState(Arc<App>);

/// The collaborators of the handlers.
pub struct App {
    pub(crate) base_url: BaseUrl,
    pub(crate) oidc: Client,
    pub(crate) store: Store,
    pub(crate) refreshes: OneAtATime,
    pub(crate) backoff: Backoff,
    pub(crate) user_info: UserInfoCache,
    /// Work that goes on when its request does not: a stop waits for it.
    pub(crate) tasks: TaskTracker,
    /// Cancelled when the program is told to stop: streams end then.
    pub(crate) stopping: CancellationToken,
    pub(crate) rate_limit: RateLimit,
    pub(crate) refused_logout_tokens: RateLimit,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) lifetimes: SessionConfig,
    pub(crate) cookie_names: CookieNames,
    pub(crate) pending_keys: Keys,
    pub(crate) page: Page,
    pub(crate) frontend_dist: PathBuf,
    pub(crate) content_security_policy: HeaderValue,
    pub(crate) webhook_signing_key: Option<SecretString>,
    pub(crate) clock: Clock,
}

/// Why the bff cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The session store cannot be opened.
    #[error("the session store (SESSION_STORE) cannot be opened")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The settings do not make a client of the provider.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The built frontend is not what this bff expects.
    #[error("the frontend (FRONTEND_DIST): {0}")]
    Page(String),
}

impl AppState {
    /// Opens the store and reads the frontend's page. The provider is not asked: it may be down.
    ///
    /// # Errors
    /// When the store cannot be opened, or the frontend is not of this version.
    pub async fn new(config: Config, clock: Clock) -> Result<Self, StartError> {
        let provider_origin = config.provider.issuer.url().origin().ascii_serialization();
        let store_keys = Keys::derive(&config.cookie_secrets, Purpose::StoredSession);
        Ok(Self(Arc::new(App {
            oidc: Client::new(config.provider, &config.base_url, clock.clone())?,
            store: Store::open(&config.session.store, store_keys, clock.clone())
                .await
                .map_err(|cause| StartError::Store(cause.into()))?,
            refreshes: OneAtATime::default(),
            backoff: Backoff::default(),
            user_info: UserInfoCache::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            rate_limit: RateLimit::new(config.sign_in_requests_per_minute),
            refused_logout_tokens: RateLimit::new(config.sign_in_requests_per_minute),
            trusted_proxies: TrustedProxies::new(config.trusted_proxies),
            lifetimes: config.session,
            content_security_policy: content_security_policy(&provider_origin),
            webhook_signing_key: config.webhook_signing_key,
            cookie_names: CookieNames::new(&config.base_url),
            pending_keys: Keys::derive(&config.cookie_secrets, Purpose::PendingSignIn),
            page: Page::read(&config.frontend_dist).map_err(StartError::Page)?,
            frontend_dist: config.frontend_dist,
            base_url: config.base_url,
            clock,
        })))
    }

    /// Deletes sessions that have expired; a background task calls it now and then.
    pub(crate) async fn sweep(&self) {
        match self.store.sweep().await {
            Ok(0) => {}
            Ok(sessions) => {
                let left = self.store.count().await.ok();
                tracing::info!(event = "sessions.swept", sessions, left);
            }
            Err(error) => tracing::warn!(event = "sessions.sweep_failed", cause = %error),
        }
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}
