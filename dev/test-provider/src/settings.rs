//! What a test chooses.

use clock::Clock;
use serde_json::{Value, json};
use std::time::Duration;

/// What a provider is made of.
pub struct Settings {
    /// The issuer, which ends with `/oidc`.
    pub issuer: String,
    /// The relying party's address, without a slash at the end.
    pub base_url: String,
    /// The provider's clock.
    pub clock: Clock,
    /// How long the provider says that an access token lives.
    pub access_token_life: Duration,
    /// Whether the provider refuses an access token after that, as Logto does.
    pub access_tokens_expire: bool,
    /// How long a refresh token works after it was exchanged. Logto takes it for 3 seconds more.
    pub refresh_token_reuse: Duration,
    /// The ID token's claims about the person, beside `sub`: a JSON object.
    pub claims: Value,
}

impl Settings {
    /// A provider that says that its access tokens live for an hour, and whose refresh tokens work once.
    #[must_use]
    pub fn new(issuer: String, base_url: String, clock: Clock) -> Self {
        Self {
            issuer,
            base_url,
            clock,
            access_token_life: Duration::from_hours(1),
            access_tokens_expire: false,
            refresh_token_reuse: Duration::ZERO,
            claims: json!({"name": null}),
        }
    }
}
