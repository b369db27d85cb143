//! What is asked before anything is judged: the store, the provider, the folder of the frontend.

use super::redis;
use crate::{
    Config,
    config::{BaseUrl, StoreConfig},
    log_text,
    page::Page,
    session::{
        seal::{Keys, Purpose},
        store::Store,
    },
};
use clock::Clock;
use oidc_rp::{AuthorizationAnswer, Client, ClientConfig, Document, Metadata, SecretAnswer};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

/// A server that is not there is given up after so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything that the checks look at. What failed is there in words that hold no secret.
pub(super) struct Facts {
    pub(super) base_url: BaseUrl,
    pub(super) listen: SocketAddr,
    pub(super) trusts_proxies: bool,
    pub(super) settings: ClientConfig,
    pub(super) store: StoreConfig,
    /// Whether there is a page.
    pub(super) page: Result<bool, String>,
    /// How long a session took there and back.
    pub(super) stored_in: Result<Duration, String>,
    /// When sessions are in Redis.
    pub(super) redis: Option<redis::Says>,
    pub(super) provider: Provider,
    /// Seconds since 1970, when the provider said its date.
    pub(super) now: i64,
}

/// What the provider says.
pub(super) struct Provider {
    pub(super) document: Result<Document, String>,
    pub(super) metadata: Result<Arc<Metadata>, String>,
    /// None while there is no metadata.
    pub(super) authorization: Option<Result<AuthorizationAnswer, String>>,
    pub(super) secret: Option<SecretAnswer>,
}

impl Facts {
    pub(super) async fn gather(config: Config, clock: Clock) -> Self {
        let keys = Keys::derive(&config.cookie_secrets, Purpose::StoredSession);
        let store = config.session.store;
        let stored_in = tokio::time::timeout(PATIENCE, try_store(&store, keys, &clock)).await;
        Self {
            stored_in: stored_in.unwrap_or_else(|_| Err("it did not answer in time".to_owned())),
            redis: match &store {
                StoreConfig::Redis(url) => Some(redis::ask(url).await),
                _ => None,
            },
            page: Page::read(&config.frontend_dist).map(|page| page.is_there()),
            provider: Provider::ask(config.provider.clone(), clock.clone()).await,
            now: clock.unix(),
            settings: config.provider,
            base_url: config.base_url,
            listen: config.listen,
            trusts_proxies: !config.trusted_proxies.is_empty(),
            store,
        }
    }
}

/// A session of nobody is written, read and deleted.
async fn try_store(config: &StoreConfig, keys: Keys, clock: &Clock) -> Result<Duration, String> {
    let opened = Store::open(config, keys, clock.clone()).await;
    let store = opened.map_err(log_text::cause)?;
    let begun = Instant::now();
    let mut record = Record {
        id: Id::default(),
        data: std::collections::HashMap::default(),
        expiry_date: clock.now() + time::Duration::MINUTE,
    };
    store.create(&mut record).await.map_err(log_text::cause)?;
    let read = store.load(&record.id).await;
    store.delete(&record.id).await.map_err(log_text::cause)?;
    match read.map_err(log_text::cause)? {
        Some(_) => Ok(begun.elapsed()),
        None => Err("what was written was not there".to_owned()),
    }
}

impl Provider {
    async fn ask(config: ClientConfig, clock: Clock) -> Self {
        let client = match Client::new(config, clock, ()) {
            Ok(client) => client,
            Err(error) => return Self::silent(&error.to_string()),
        };
        let document = client.probe_document().await.map_err(log_text::cause);
        let metadata = client.metadata().await.map_err(log_text::cause);
        let (mut authorization, mut secret) = (None, None);
        if let Ok(metadata) = &metadata {
            let answer = client.probe_authorization(metadata).await;
            authorization = Some(answer.map_err(log_text::cause));
            secret = Some(client.probe_secret().await);
        }
        Self {
            document,
            metadata,
            authorization,
            secret,
        }
    }

    fn silent(why: &str) -> Self {
        Self {
            document: Err(why.to_owned()),
            metadata: Err(why.to_owned()),
            authorization: None,
            secret: None,
        }
    }
}
