//! An OpenID Provider for tests. It signs everybody in at once, as Logto would after its pages; a test can change every
//! answer ([`Mutation`]), and the provider writes down which rules the relying party breaks ([`TestProvider::violations`]).
//!
//! The tests of the bff lie to it with this provider. The load tests sign thousands of people in with it.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "this runs in tests only: a panic is a failed test"
)]

mod endpoints;
mod grants;
mod keys;
mod mutation;
mod reply;
mod requests;
mod rules;
mod settings;
mod signed_token;
pub mod tls;

pub use keys::Signer;
pub use mutation::{
    Mutation, at, authorization_response, discovery, id_token, jwks, nothing, pushed, refresh,
    refreshed_id_token, tokens, user_info,
};
pub use reply::{Endpoint, Reply};
pub use settings::Settings;
pub use signed_token::SignedToken;

use axum::Router;
use grants::Grants;
use requests::Requests;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// The relying party's `client_id`.
pub const CLIENT_ID: &str = "bookstore";
/// The relying party's secret, with characters that must be encoded (RFC 6749, section 2.3.1).
pub const CLIENT_SECRET: &str = "an application's secret: 100 % + signs";
/// The person who signs in, unless the authorization request has the parameter [`PERSON`].
pub const SUB: &str = "rm551g7117ni";
/// The session at the provider, unless the authorization request has the parameter [`PROVIDER_SESSION`].
pub const SID: &str = "provider-session";
/// The parameter with another `sub` than [`SUB`]. A test adds it to the authorization request.
pub const PERSON: &str = "person";
/// The parameter with another `sid` than [`SID`]. A test adds it to the authorization request.
pub const PROVIDER_SESSION: &str = "provider_session";

/// A provider. [`TestProvider::router`] has its endpoints.
pub struct TestProvider {
    settings: Settings,
    /// The endpoints' common prefix. Only the discovery document names it.
    endpoints: String,
    redirect_uri: String,
    post_logout_redirect_uri: String,
    mutation: Mutex<Mutation>,
    requests: Requests,
    grants: Mutex<Grants>,
    /// Held answers wait for it.
    released: watch::Sender<bool>,
}

impl TestProvider {
    /// A provider with these settings, which changes its answers in this way.
    #[must_use]
    pub fn new(settings: Settings, mutation: Mutation) -> Arc<Self> {
        Arc::new(Self {
            endpoints: format!("{}/{:x}", settings.issuer, rand::random::<u64>()),
            redirect_uri: format!("{}/callback", settings.base_url),
            post_logout_redirect_uri: format!("{}/", settings.base_url),
            settings,
            mutation: Mutex::new(mutation),
            requests: Requests::new(),
            grants: Mutex::default(),
            released: watch::Sender::new(false),
        })
    }

    /// All endpoints, below `/oidc`.
    pub fn router(self: &Arc<Self>) -> Router {
        endpoints::router(self.clone())
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// From now on the provider changes its answers in this way, and in no other.
    pub fn spoil(&self, mutation: Mutation) {
        *self.mutation.lock().unwrap() = mutation;
    }

    /// Sends the answers that a mutation has held.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// The number of requests to an endpoint.
    #[must_use]
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        self.requests.count(endpoint)
    }

    /// Endpoint and path of every request.
    #[must_use]
    pub fn requests_in_order(&self) -> Vec<(Endpoint, String)> {
        self.requests.in_order()
    }

    /// Waits until an endpoint has had so many requests.
    pub async fn asked(&self, endpoint: Endpoint, times: usize) {
        self.requests.wait_for(endpoint, times).await;
    }

    /// The rules that the relying party has broken.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.requests.violations()
    }

    /// The number of refresh tokens that were exchanged.
    #[must_use]
    pub fn refreshes(&self) -> u64 {
        self.grants.lock().unwrap().refreshes
    }

    /// The number of refresh tokens that came again after [`Settings::refresh_token_reuse`]. Each ended its grant.
    #[must_use]
    pub fn reuses(&self) -> u64 {
        self.grants.lock().unwrap().reuses
    }

    /// The newest ID token.
    #[must_use]
    pub fn last_id_token(&self) -> String {
        let grants = self.grants.lock().unwrap();
        grants.id_tokens.last().unwrap().clone()
    }

    /// A logout token (Back-Channel Logout 1.0, section 2.4) for one session of this person, or for all. It has a claim
    /// that no specification knows.
    #[must_use]
    pub fn logout_token(&self, sub: &str, sid: Option<&str>) -> SignedToken {
        let now = self.settings.clock.unix();
        let mut token = SignedToken::new(json!({
            "iss": self.settings.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120,
            "jti": self.grants.lock().unwrap().unique("jti"), "sub": sub,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            "ignored_claim": true
        }));
        if let Some(sid) = sid {
            token.set("sid", sid);
        }
        token.header["typ"] = "logout+jwt".into();
        token
    }
}
