//! When a refresh token is replaced by a new one: as Logto does for a confidential client.

use crate::domain::{application::Application, lifetime};

/// The times of a refresh token, in seconds since 1970.
pub(crate) struct RefreshTokenLife {
    /// When the first token of its chain was issued.
    pub(crate) chain_began: i64,
    pub(crate) issued: i64,
    pub(crate) expires: i64,
}

/// After 70 % of its life, as long as the chain is not too old.
pub(crate) const fn is_due(application: &Application, life: &RefreshTokenLife, now: i64) -> bool {
    let passed = now - life.issued;
    let whole = life.expires - life.issued;
    application.rotate_refresh_token
        && now - life.chain_began < lifetime::REFRESH_TOKEN_CHAIN
        && passed * 100 >= whole * 70
}
