//! When a refresh token is replaced by a new one: as Logto does for a confidential client.

use crate::domain::{application::Application, lifetime};

/// The times of a refresh token, in seconds since 1970.
pub(crate) struct RefreshTokenLife {
    /// When the first token of its chain was issued.
    pub(crate) chain_began_at: i64,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: i64,
}

/// After 70 % of its life, as long as the chain is not too old.
pub(crate) const fn is_due(application: &Application, life: &RefreshTokenLife, now: i64) -> bool {
    let passed = now - life.issued_at;
    let whole = life.expires_at - life.issued_at;
    application.rotate_refresh_token
        && now - life.chain_began_at < lifetime::REFRESH_TOKEN_CHAIN
        && passed * 100 >= whole * 70
}
