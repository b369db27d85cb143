//! The provider: its parts, and how it starts.

use crate::{
    cookies::Cookies,
    domain::application::{ApplicationError, Applications},
    flows::back_channel_logout,
    keys::{DamagedKeyError, Keys},
    router,
    secrets::DigestKey,
    sms::{ConnectorError, Sms},
    store::{DatabaseError, Store},
};
use clock::Clock;
use std::{path::PathBuf, sync::Arc};
use tenant::{SignInExperience, Tenant};
use url::{Host, Url};

/// The configuration of a provider.
pub struct Config {
    /// Where browsers and clients reach it: scheme, host and port, e.g. `http://localhost:3001/`. The issuer is
    /// `{endpoint}oidc`.
    pub endpoint: Url,
    /// Applications, connector, sign-in experience.
    pub tenant: Tenant,
    /// Where it stores its data.
    pub database: Database,
    /// Overrides the address that the Aliyun SMS connector sends its requests to.
    pub sms_endpoint: Option<Url>,
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
    /// The endpoint has more than scheme, host and port.
    #[error("the endpoint must be scheme, host and port only, such as http://localhost:3001")]
    Endpoint,
    /// An application of the tenant cannot be used as a client.
    #[error(transparent)]
    Application(#[from] ApplicationError),
    /// The tenant's connector cannot be used.
    #[error(transparent)]
    Connector(#[from] ConnectorError),
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
    pub(crate) applications: Arc<Applications>,
    pub(crate) experience: Arc<SignInExperience>,
    pub(crate) store: Store,
    pub(crate) digests: DigestKey,
    pub(crate) keys: Arc<Keys>,
    pub(crate) sms: Arc<Sms>,
    /// The page that shows the verification codes of a local run.
    pub(crate) sms_inbox: Option<Url>,
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
        let tenant = config.tenant;
        let sms = Sms::from_tenant(tenant.connectors, config.sms_endpoint, clock.clone())?;
        Ok(Self {
            cookies: Cookies {
                secure: config.endpoint.scheme() == "https",
            },
            endpoint: Endpoint::new(&config.endpoint)?.into(),
            applications: Applications::from_tenant(tenant.applications)?.into(),
            experience: tenant.sign_in_experience.into(),
            digests: digest_key(&store).await?,
            keys: signing_key(&store).await?.into(),
            sms_inbox: sms.endpoint().and_then(inbox),
            sms: sms.into(),
            http: back_channel_logout::http_client()?,
            store,
            clock,
        })
    }

    /// The router of all endpoints and pages.
    pub fn router(&self) -> axum::Router {
        router::router(self.clone())
    }

    /// The issuer identifier, e.g. `http://localhost:3001/oidc`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.endpoint.issuer
    }
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

/// The inbox of the SMS sandbox. `None` if the SMS service is not on this machine.
fn inbox(sms_endpoint: &Url) -> Option<Url> {
    let loopback = match sms_endpoint.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    loopback.then(|| sms_endpoint.join("/inbox").ok()).flatten()
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

    #[test]
    fn only_a_sandbox_on_this_machine_has_an_inbox() {
        for (endpoint, expected) in [
            ("http://127.0.0.1:3003", Some("http://127.0.0.1:3003/inbox")),
            (
                "http://localhost:3003/",
                Some("http://localhost:3003/inbox"),
            ),
            ("http://[::1]:3003/", Some("http://[::1]:3003/inbox")),
            ("https://dysmsapi.aliyuncs.com", None),
            ("http://127.0.0.1.example", None),
        ] {
            let inbox = inbox(&Url::parse(endpoint).unwrap());
            assert_eq!(inbox.as_ref().map(Url::as_str), expected, "{endpoint}");
        }
    }
}
