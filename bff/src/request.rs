//! What a request says: its cookies, its origin, its address, its language.

pub(crate) mod client_address;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod device;
pub(crate) mod fetch_metadata;
pub(crate) mod host;
pub(crate) mod language;
pub(crate) mod rate_limit;
pub(crate) mod stream_limit;
