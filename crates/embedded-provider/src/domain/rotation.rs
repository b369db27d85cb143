//! When a refresh token is replaced: as Logto does for a confidential client.

use crate::domain::{application::Application, lifetime};

/// The times of a refresh token, in seconds since 1970.
pub(crate) struct RefreshTokenLife {
    /// When the first token of the chain was issued.
    pub(crate) chain_began: i64,
    pub(crate) issued: i64,
    pub(crate) expires: i64,
}

/// Whether to replace the token: after 70 % of its lifetime, unless the chain is too old.
pub(crate) const fn is_due(application: &Application, life: &RefreshTokenLife, now: i64) -> bool {
    let passed = now - life.issued;
    let whole = life.expires - life.issued;
    application.rotate_refresh_token
        && now - life.chain_began < lifetime::REFRESH_TOKEN_CHAIN
        && passed * 100 >= whole * 70
}
