//! The session: what a browser holds (cookies), what the store holds (sealed records), and the
//! sign-in that is on its way between them.

pub(crate) mod abandoned_sign_in;
mod access_token_times;
pub(crate) mod backoff;
pub(crate) mod content;
#[cfg(test)]
#[path = "../tests/it/support/fresh_store.rs"]
mod fresh_store;
pub(crate) mod notice;
pub(crate) mod one_at_a_time;
pub(crate) mod pending_sign_in;
pub(crate) mod refresh;
pub(crate) mod seal;
pub(crate) mod signed_in;
pub(crate) mod store;
pub(crate) mod stored;
pub(crate) mod times;

#[cfg(test)]
mod races;
