//! Applications: the clients of this provider, with Logto's defaults.

use crate::domain::{lifetime, oidc_error::OidcError, response_mode};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// One client.
pub(crate) struct Application {
    pub(crate) id: String,
    secrets: Vec<ClientSecret>,
    /// The name on the pages.
    pub(crate) name: String,
    /// Whether it is a program that acts for itself, and not for a person.
    pub(crate) is_machine: bool,
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

/// One of an application's secrets. All of them work, so that a secret can be changed without a break.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientSecret {
    value: SecretString,
    /// Milliseconds since 1970. `None` if it never expires.
    expires_at: Option<i64>,
}

impl ClientSecret {
    fn is_live(&self, now: i64) -> bool {
        self.expires_at
            .is_none_or(|expires_at| expires_at > now * 1000)
    }

    /// Compares in constant time, whatever the length.
    fn is(&self, secret: &SecretString) -> bool {
        let digest = |secret: &SecretString| Sha256::digest(secret.expose_secret());
        digest(secret).ct_eq(&digest(&self.value)).into()
    }
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

    /// Whether this client made the HMAC-SHA-256 of a text with a secret that has not expired. Compared in constant time.
    pub(crate) fn signed(&self, text: &[u8], signature: &[u8], now: i64) -> bool {
        let is_signed_with = |secret: &ClientSecret| {
            Hmac::<Sha256>::new_from_slice(secret.value.expose_secret().as_bytes())
                .is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
        };
        self.secrets
            .iter()
            .filter(|secret| secret.is_live(now))
            .any(is_signed_with)
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

/// All clients.
#[derive(Default)]
pub(crate) struct Applications(Vec<Arc<Application>>);

impl Applications {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Application>> {
        let mut applications = self.0.iter();
        applications
            .find(|application| application.id == id)
            .cloned()
    }

    /// The client of an id that a request names.
    pub(crate) fn client(&self, id: &str) -> Result<Arc<Application>, OidcError> {
        self.find(id)
            .ok_or_else(|| OidcError::UnknownClient(id.to_owned()))
    }

    /// The client that a page without an interaction links to: the named client, or the only one.
    pub(crate) fn named_or_only(&self, id: Option<&str>) -> Option<Arc<Application>> {
        id.and_then(|id| self.find(id)).or(match self.0.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        })
    }

    /// Accepts each secret that has not expired. `now` is in seconds since 1970.
    pub(crate) fn authenticate(
        &self,
        id: &str,
        secret: Option<&SecretString>,
        now: i64,
    ) -> Result<Arc<Application>, OidcError> {
        let application = self.client(id)?;
        let secret = secret.ok_or(OidcError::ClientAuthenticationFailed)?;
        let (mut live, mut expired) = (false, false);
        for known in &application.secrets {
            let matches = known.is(secret);
            live |= matches && known.is_live(now);
            expired |= matches;
        }
        match (live, expired) {
            (true, _) => Ok(application),
            (false, true) => Err(OidcError::invalid_request("client secret has expired")),
            (false, false) => Err(OidcError::ClientAuthenticationFailed),
        }
    }
}

impl FromIterator<Application> for Applications {
    fn from_iter<I: IntoIterator<Item = Application>>(applications: I) -> Self {
        Self(applications.into_iter().map(Arc::new).collect())
    }
}

/// An application as the Management API has it. Members that do not matter here are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    oidc_client_metadata: StoredMetadata,
    #[serde(default)]
    custom_client_metadata: StoredCustomMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredMetadata {
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    backchannel_logout_uri: Option<String>,
    backchannel_logout_session_required: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredCustomMetadata {
    id_token_ttl: Option<i64>,
    refresh_token_ttl_in_days: Option<i64>,
    always_issue_refresh_token: Option<bool>,
    rotate_refresh_token: Option<bool>,
}

impl Application {
    /// Reads what the Management API has stored.
    pub(crate) fn from_document(
        id: String,
        body: Value,
        secrets: Vec<ClientSecret>,
    ) -> serde_json::Result<Self> {
        let stored: Stored = serde_json::from_value(body)?;
        let (metadata, custom) = (stored.oidc_client_metadata, stored.custom_client_metadata);
        let session_required = metadata
            .backchannel_logout_session_required
            .unwrap_or(false);
        let days = custom
            .refresh_token_ttl_in_days
            .unwrap_or(lifetime::REFRESH_TOKEN_DAYS);
        Ok(Self {
            id,
            secrets,
            name: stored.name,
            is_machine: stored.kind == "MachineToMachine",
            redirect_uris: metadata.redirect_uris,
            post_logout_redirect_uris: metadata.post_logout_redirect_uris,
            id_token_lifetime: custom.id_token_ttl.unwrap_or(lifetime::ID_TOKEN),
            refresh_token_lifetime: days * lifetime::DAY,
            always_issue_refresh_token: custom.always_issue_refresh_token.unwrap_or(false),
            rotate_refresh_token: custom.rotate_refresh_token.unwrap_or(true),
            back_channel_logout: metadata
                .backchannel_logout_uri
                .filter(|uri| !uri.is_empty())
                .map(|uri| BackChannelLogout {
                    uri,
                    session_required,
                }),
        })
    }
}
