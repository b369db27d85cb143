//! The session: what a browser holds (cookies), what the store holds (sealed records), and the
//! sign-in that is on its way between them.

mod access_token_times;
pub(crate) mod backoff;
pub(crate) mod content;
pub(crate) mod cookie;
pub(crate) mod device;
#[cfg(test)]
#[path = "../tests/it/support/fresh_store.rs"]
mod fresh_store;
pub(crate) mod keys;
pub(crate) mod notice;
pub(crate) mod one_at_a_time;
pub(crate) mod pending_sign_in;
pub(crate) mod signed_in;
pub(crate) mod store;
pub(crate) mod stored;
pub(crate) mod times;
pub(crate) mod unclaimed_sign_in;

#[cfg(test)]
mod races;
