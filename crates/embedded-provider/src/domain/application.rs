//! Applications: the clients of this provider, from the tenant file, with Logto's defaults.

use crate::domain::{lifetime, oidc_error::OidcError, response_mode};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// One client.
pub(crate) struct Application {
    pub(crate) id: String,
    secret: SecretString,
    /// The name on the pages.
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
    /// Seconds.
    pub(crate) id_token_lifetime: i64,
    /// Seconds.
    pub(crate) refresh_token_lifetime: i64,
    pub(crate) always_issue_refresh_token: bool,
    pub(crate) rotate_refresh_token: bool,
    /// `None` if the application receives no logout tokens.
    pub(crate) back_channel_logout: Option<BackChannelLogout>,
}

/// How an application learns of a sign-out (OpenID Connect Back-Channel Logout 1.0, section 2.2).
pub(crate) struct BackChannelLogout {
    /// Where logout tokens are posted.
    pub(crate) uri: String,
    session_required: bool,
}

impl Application {
    /// The application's address, for a link on a page that has no other link.
    pub(crate) fn home(&self) -> Option<String> {
        self.post_logout_redirect_uris.first().cloned().or_else(|| {
            let origin = response_mode::origin(self.redirect_uris.first()?)?;
            Some(format!("{origin}/"))
        })
    }

    /// Whether this client made the HMAC-SHA-256 of a text with its secret. Compared in constant time.
    pub(crate) fn signed(&self, text: &[u8], signature: &[u8]) -> bool {
        Hmac::<Sha256>::new_from_slice(self.secret.expose_secret().as_bytes())
            .is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
    }

    /// The `sid` in tokens of this application. Logto sends it only to an application that asks for it and receives
    /// logout tokens.
    pub(crate) fn visible_sid<'a>(&self, sid: &'a str) -> Option<&'a str> {
        self.back_channel_logout
            .as_ref()
            .filter(|logout| logout.session_required)
            .map(|_| sid)
    }

    /// Whether the address is registered. Compared character by character (RFC 9700, section 2.1).
    pub(crate) fn allows_redirect_to(&self, address: &str) -> bool {
        self.redirect_uris.iter().any(|known| known == address)
    }

    /// The registered address that a request for sign-out names. As at a Logto, an origin may lack its slash: Logto's SDKs
    /// send `http://localhost:3000` where a guide registers `http://localhost:3000/`.
    pub(crate) fn address_after_sign_out(&self, address: &str) -> Option<&str> {
        let is_named = |known: &&String| {
            *known == address
                || known.strip_suffix('/') == Some(address)
                    && response_mode::origin(known).as_deref() == Some(address)
        };
        self.post_logout_redirect_uris
            .iter()
            .find(is_named)
            .map(String::as_str)
    }
}

/// Why an application of the tenant file cannot be used as a client.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// It has no client id.
    #[error("application {0} needs an `id` for the embedded provider")]
    NoId(String),
    /// It has no client secret, or an empty one.
    #[error("application {0} needs a `secret` for the embedded provider")]
    NoSecret(String),
}

/// All clients.
pub(crate) struct Applications(Vec<Application>);

impl Applications {
    pub(crate) fn from_tenant(
        applications: Vec<tenant::Application>,
    ) -> Result<Self, ApplicationError> {
        applications
            .into_iter()
            .map(Application::try_from)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Application> {
        self.0.iter().find(|application| application.id == id)
    }

    /// The client of an id that a request names.
    pub(crate) fn client(&self, id: &str) -> Result<&Application, OidcError> {
        self.find(id)
            .ok_or_else(|| OidcError::UnknownClient(id.to_owned()))
    }

    /// The client that a page without an interaction links to: the named client, or the only one.
    pub(crate) fn named_or_only(&self, id: Option<&str>) -> Option<&Application> {
        id.and_then(|id| self.find(id)).or(match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }

    /// Compares the secret in constant time, whatever its length.
    pub(crate) fn authenticate(
        &self,
        id: &str,
        secret: Option<&SecretString>,
    ) -> Result<&Application, OidcError> {
        let application = self.client(id)?;
        let secret = secret.ok_or(OidcError::ClientAuthenticationFailed)?;
        let digest = |secret: &SecretString| Sha256::digest(secret.expose_secret());
        if digest(secret).ct_eq(&digest(&application.secret)).into() {
            Ok(application)
        } else {
            Err(OidcError::ClientAuthenticationFailed)
        }
    }
}

impl TryFrom<tenant::Application> for Application {
    type Error = ApplicationError;

    fn try_from(application: tenant::Application) -> Result<Self, ApplicationError> {
        let name = application.name;
        let custom = application.custom_client_metadata;
        let metadata = application.oidc_client_metadata;
        let session_required = metadata
            .backchannel_logout_session_required
            .unwrap_or(false);
        let days = custom
            .refresh_token_ttl_in_days
            .map_or(lifetime::REFRESH_TOKEN_DAYS, i64::from);
        Ok(Self {
            id: application
                .id
                .filter(|id| !id.is_empty())
                .ok_or_else(|| ApplicationError::NoId(name.clone()))?,
            secret: application
                .secret
                .filter(|secret| !secret.expose_secret().is_empty())
                .ok_or_else(|| ApplicationError::NoSecret(name.clone()))?,
            name,
            redirect_uris: metadata.redirect_uris,
            post_logout_redirect_uris: metadata.post_logout_redirect_uris,
            id_token_lifetime: custom.id_token_ttl.map_or(lifetime::ID_TOKEN, i64::from),
            refresh_token_lifetime: days * lifetime::DAY,
            always_issue_refresh_token: custom.always_issue_refresh_token.unwrap_or(false),
            rotate_refresh_token: custom.rotate_refresh_token.unwrap_or(true),
            back_channel_logout: metadata
                .backchannel_logout_uri
                .map(|uri| BackChannelLogout {
                    uri,
                    session_required,
                }),
        })
    }
}
