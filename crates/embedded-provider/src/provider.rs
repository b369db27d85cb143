//! The provider: its parts, and how it starts.

use crate::{
    cookies::Cookies,
    current_tenant::{CurrentTenant, FileError},
    flows::back_channel_logout,
    keys::{DamagedKeyError, Keys},
    router,
    secrets::DigestKey,
    sms::SmsService,
    store::{DatabaseError, Store, StoreError},
};
use clock::Clock;
use secrecy::SecretString;
use std::{path::PathBuf, sync::Arc};
use tenant::Tenant;
use tokio::sync::{Mutex, watch};
use url::Url;

/// The configuration of a provider.
pub struct Config {
    /// Where browsers and clients reach it: scheme, host and port, e.g. `http://localhost:3001/`. The issuer is
    /// `{endpoint}oidc`.
    pub endpoint: Url,
    /// Applications, connector, sign-in experience. They are put into the database. `None` if the tenant is only what the
    /// database has, which the Management API changes.
    pub tenant: Option<Tenant>,
    /// Who may use the Management API. `None` if there is no Management API.
    pub management: Option<Management>,
    /// Where it stores its data.
    pub database: Database,
    /// Overrides the address that the Aliyun SMS connector sends its requests to.
    pub sms_endpoint: Option<Url>,
}

/// The client of the Management API (Logto: the application `m-default` of the admin tenant).
pub struct Management {
    /// Where its tokens are issued: scheme, host and port, e.g. `http://localhost:3002/`.
    pub endpoint: Url,
    /// The client id.
    pub app_id: String,
    /// The client secret.
    pub app_secret: SecretString,
}

/// Where the data is stored.
#[derive(Clone, Debug)]
pub enum Database {
    /// A SQLite file. The file and its folder are created if they are missing.
    File(PathBuf),
    /// Memory, until the last clone of the provider is dropped. For tests.
    Memory,
}

/// Why a provider cannot start. Each message is one line and contains no secret.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// An endpoint has more than scheme, host and port.
    #[error("the endpoint must be scheme, host and port only, such as http://localhost:3001")]
    Endpoint,
    /// The tenant file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The HTTP client for logout tokens cannot be created.
    #[error("cannot create the HTTP client for logout tokens: {0}")]
    HttpClient(#[from] reqwest::Error),
    /// The signing key in the database is invalid.
    #[error(transparent)]
    Key(#[from] DamagedKeyError),
}

/// A running provider. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Provider {
    pub(crate) endpoint: Arc<Endpoint>,
    tenant: watch::Sender<Arc<CurrentTenant>>,
    pub(crate) management: Option<Arc<Administration>>,
    pub(crate) store: Store,
    pub(crate) digests: DigestKey,
    pub(crate) keys: Arc<Keys>,
    pub(crate) sms_service: SmsService,
    /// For logout tokens.
    pub(crate) http: reqwest::Client,
    pub(crate) cookies: Cookies,
    pub(crate) clock: Clock,
}

/// The provider's own addresses.
pub(crate) struct Endpoint {
    /// Scheme, host and port, as a browser writes them in `Origin`.
    pub(crate) origin: String,
    issuer: String,
}

/// The Management API: who may use it, and whose turn it is.
pub(crate) struct Administration {
    pub(crate) endpoint: Endpoint,
    pub(crate) app_id: String,
    pub(crate) app_secret: SecretString,
    /// Changes are made one after the other, so that what a change has checked still holds when it is made.
    pub(crate) turn: Mutex<()>,
}

impl Provider {
    /// Opens the database, creates the keys if they are missing, and checks the tenant.
    ///
    /// `clock` is used for everything, including the date of requests to the SMS service. A sandbox in a test must have
    /// the same clock.
    ///
    /// # Errors
    /// When the tenant or the database cannot be used.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, OpenError> {
        let store = match &config.database {
            Database::File(path) => Store::open_file(path).await?,
            Database::Memory => Store::open_memory().await?,
        };
        let sms_service = SmsService {
            endpoint: config.sms_endpoint,
            clock: clock.clone(),
        };
        CurrentTenant::put_defaults(&store, now_ms(&clock))
            .await
            .map_err(DatabaseError::from)?;
        if let Some(file) = config.tenant {
            CurrentTenant::put_file(file, &store, &sms_service).await?;
        }
        let tenant = CurrentTenant::load(&store, &sms_service)
            .await
            .map_err(DatabaseError::from)?;
        Ok(Self {
            cookies: Cookies {
                secure: config.endpoint.scheme() == "https",
            },
            endpoint: Endpoint::new(&config.endpoint)?.into(),
            tenant: watch::Sender::new(Arc::new(tenant)),
            management: config
                .management
                .map(Administration::new)
                .transpose()?
                .map(Arc::new),
            digests: digest_key(&store).await?,
            keys: signing_key(&store).await?.into(),
            sms_service,
            http: back_channel_logout::http_client()?,
            store,
            clock,
        })
    }

    /// The router of all endpoints and pages.
    pub fn router(&self) -> axum::Router {
        router::router(self.clone())
    }

    /// The router of the administration: tokens for the Management API, and the API itself. `None` if there is no
    /// Management API.
    #[must_use]
    pub fn admin_router(&self) -> Option<axum::Router> {
        let administration = self.management.clone()?;
        Some(router::admin_router(self.clone(), administration))
    }

    /// The tenant as it is now.
    pub(crate) fn tenant(&self) -> Arc<CurrentTenant> {
        self.tenant.borrow().clone()
    }

    /// Reads the tenant after a change. The next request finds it changed.
    pub(crate) async fn reload_tenant(&self) -> Result<(), StoreError> {
        let tenant = CurrentTenant::load(&self.store, &self.sms_service).await?;
        self.tenant.send_replace(Arc::new(tenant));
        Ok(())
    }

    /// The time, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        now_ms(&self.clock)
    }

    /// The issuer identifier, e.g. `http://localhost:3001/oidc`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.endpoint.issuer
    }
}

impl Administration {
    fn new(management: Management) -> Result<Self, OpenError> {
        Ok(Self {
            endpoint: Endpoint::new(&management.endpoint)?,
            app_id: management.app_id,
            app_secret: management.app_secret,
            turn: Mutex::new(()),
        })
    }
}

/// The time, in milliseconds since 1970.
pub(crate) fn now_ms(clock: &Clock) -> i64 {
    let now = clock.now();
    now.unix_timestamp() * 1000 + i64::from(now.millisecond())
}

impl Endpoint {
    fn new(url: &Url) -> Result<Self, OpenError> {
        let origin = url.origin().ascii_serialization();
        if url.as_str().trim_end_matches('/') != origin {
            return Err(OpenError::Endpoint);
        }
        Ok(Self {
            issuer: format!("{origin}/oidc"),
            origin,
        })
    }

    /// The issuer identifier of its tokens.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The absolute address of a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

async fn digest_key(store: &Store) -> Result<DigestKey, DatabaseError> {
    let make = || rand::random::<[u8; DigestKey::LENGTH]>().to_vec();
    let key = store.installation_secret("digest key", make).await?;
    Ok(DigestKey::new(&key))
}

async fn signing_key(store: &Store) -> Result<Keys, OpenError> {
    let key = store
        .installation_secret("signing key", Keys::generate)
        .await
        .map_err(DatabaseError::from)?;
    Ok(Keys::from_bytes(&key)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_is_an_origin() {
        for (endpoint, issuer) in [
            ("http://localhost:3001", Some("http://localhost:3001/oidc")),
            ("http://localhost:3001/", Some("http://localhost:3001/oidc")),
            ("https://id.example:443", Some("https://id.example/oidc")),
            ("https://id.example/tenant", None),
            ("https://user@id.example", None),
            ("https://id.example/?a", None),
        ] {
            let endpoint = Endpoint::new(&Url::parse(endpoint).unwrap()).ok();
            assert_eq!(endpoint.map(|endpoint| endpoint.issuer).as_deref(), issuer);
        }
    }
}
