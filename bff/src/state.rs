//! What all handlers share: built once from the settings, cheap to clone.

use crate::{
    config::{BaseUrl, Config},
    metrics::Metrics,
    page::Pages,
    request::{
        client_address::TrustedProxies, cookies::CookieNames, rate_limit::RateLimit,
        stream_limit::StreamLimit,
    },
    security_headers::SecurityHeaders,
    session::{Sessions, open_store, pending_sign_in, refresh::Refresher},
    tasks::Tasks,
};
use api_proxy::Routes;
use clock::Clock;
use oidc_rp::Client;
use secrecy::SecretString;
use session_store::Keys;
use shared::Rule;
use std::{ops::Deref, path::PathBuf, sync::Arc};
use tokio_util::sync::CancellationToken;

/// The running application.
#[derive(Clone)]
pub struct AppState(Arc<App>);

/// The collaborators of the handlers.
pub struct App {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) base_url: BaseUrl,
    pub(crate) oidc: Arc<Client>,
    pub(crate) sessions: Sessions,
    pub(crate) refresher: Refresher,
    pub(crate) tasks: Tasks,
    /// Cancelled when a stop begins: from then on `/readyz` is not ready.
    pub(crate) draining: CancellationToken,
    /// How long new connections are accepted after that.
    pub(crate) shutdown_delay: std::time::Duration,
    /// Cancelled after that time: streams end then.
    pub(crate) stopping: CancellationToken,
    /// How many connections of browsers may be open at a time.
    pub(crate) connection_limit: usize,
    pub(crate) stream_limit: StreamLimit,
    pub(crate) rate_limit: RateLimit,
    pub(crate) refused_logout_tokens: RateLimit,
    pub(crate) trusted_proxies: Arc<TrustedProxies>,
    pub(crate) cookie_names: CookieNames,
    pub(crate) pending_keys: Keys,
    pub(crate) pages: Arc<Pages>,
    pub(crate) frontend_dist: PathBuf,
    pub(crate) security_headers: Arc<SecurityHeaders>,
    pub(crate) webhook_signing_key: Option<SecretString>,
    pub(crate) api_routes: Routes<Rule>,
    pub(crate) clock: Clock,
}

/// Why the bff cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The session store cannot be opened.
    #[error("the session store (SESSION_STORE) cannot be opened")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// TLS to the provider cannot be set up.
    #[error("the HTTP client cannot be built")]
    Client(#[from] reqwest::Error),
    /// The routes to APIs are wrong.
    #[error(transparent)]
    Routes(#[from] anyhow::Error),
    /// The built frontend is not what this bff expects.
    #[error("the frontend (FRONTEND_DIST): {0}")]
    Page(String),
}

impl AppState {
    /// Opens the store and reads the frontend's page. The provider is not asked: it may be down. At most `connection_limit`
    /// connections of browsers are open at a time.
    ///
    /// # Errors
    /// When the store cannot be opened, or the frontend is not of this version.
    pub async fn new(
        config: Config,
        clock: Clock,
        connection_limit: usize,
    ) -> Result<Self, StartError> {
        let provider_origin = config.provider.issuer.url().origin().ascii_serialization();
        let pending_keys = config.keys(pending_sign_in::PURPOSE);
        let metrics = Arc::new(Metrics::new());
        let store = open_store(&config, &clock)
            .await
            .map_err(|cause| StartError::Store(cause.into()))?
            .observed_by(metrics.store_seconds.clone());
        let api_routes = config.routes()?;
        let oidc = Arc::new(Client::new(
            config.provider,
            clock.clone(),
            metrics.clone(),
        )?);
        let sessions = Sessions {
            store,
            clock: clock.clone(),
            lifetimes: Arc::new(config.session),
        };
        let pages = Pages::read(&config.frontend_dist).map_err(StartError::Page)?;
        let tasks = Tasks::default();
        Ok(Self(Arc::new(App {
            refresher: Refresher::new(sessions.clone(), oidc.clone(), tasks.clone(), &metrics),
            stream_limit: StreamLimit::half_of(connection_limit, metrics.event_streams.clone()),
            metrics,
            oidc,
            sessions,
            tasks,
            draining: CancellationToken::new(),
            shutdown_delay: config.shutdown_delay,
            stopping: CancellationToken::new(),
            connection_limit,
            rate_limit: RateLimit::new(config.sign_in_requests_per_minute),
            refused_logout_tokens: RateLimit::new(config.sign_in_requests_per_minute),
            trusted_proxies: TrustedProxies::new(config.trusted_proxies).into(),
            security_headers: Arc::new(SecurityHeaders::new(
                &provider_origin,
                pages.style_source(),
                config.base_url.is_https(),
            )),
            webhook_signing_key: config.webhook_signing_key,
            api_routes,
            cookie_names: CookieNames::new(&config.base_url),
            pending_keys,
            pages: Arc::new(pages),
            frontend_dist: config.frontend_dist,
            base_url: config.base_url,
            clock,
        })))
    }

    /// Deletes sessions that have expired and counts the others; a background task calls it now and then.
    pub(crate) async fn sweep(&self) {
        let store = &self.sessions.store;
        match store.sweep().await {
            Ok(0) => {}
            Ok(sessions) => tracing::info!(event = "sessions.swept", sessions),
            Err(error) => tracing::warn!(event = "sessions.sweep_failed", cause = %error),
        }
        // Here, so that a scrape never costs a count.
        match store.count().await {
            Ok(sessions) => {
                let sessions = i64::try_from(sessions).unwrap_or(i64::MAX);
                self.metrics.sessions.set(sessions);
            }
            Err(error) => tracing::warn!(event = "sessions.not_counted", cause = %error),
        }
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

#[cfg(test)]
impl AppState {
    /// At an https address, with a page, and sessions in memory.
    pub(crate) async fn for_tests() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = include_str!("../../index.html");
        std::fs::write(folder.path().join("index.html"), index).unwrap();
        let config = Config::read(|name| {
            let value = match name {
                "LOGTO_ENDPOINT" => "http://localhost:3001",
                "LOGTO_APP_ID" | "LOGTO_APP_SECRET" => "bookstore",
                "BASE_URL" => "https://app.example",
                "COOKIE_SECRET" => "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g",
                "SESSION_STORE" => "memory:",
                "FRONTEND_DIST" => folder.path().to_str().unwrap(),
                _ => return None,
            };
            Some(value.to_owned())
        });
        Self::new(config.unwrap(), Clock::system(), 1_000)
            .await
            .unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session_store::{Data, Index};

    #[tokio::test]
    async fn a_sweep_counts_the_sessions_and_a_scrape_asks_nobody() {
        let app = AppState::for_tests().await;
        let store = &app.sessions.store;
        let end = app.clock.unix() + 3_600;
        store
            .insert(&Data::default(), &Index::default(), end)
            .await
            .unwrap();
        let says = |line: &str| app.metrics.text().unwrap().lines().any(|said| said == line);
        assert!(says("bff_sessions 0"));
        app.sweep().await;
        assert!(says("bff_sessions 1"));
    }
}
