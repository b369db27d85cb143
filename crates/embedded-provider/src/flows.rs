//! The flows: what happens, in order. Each flow joins the rules of `domain` with the store, the keys and the clock.

pub(crate) mod authorize;
pub(crate) mod back_channel_logout;
pub(crate) mod client_authentication;
pub(crate) mod code_exchange;
pub(crate) mod consent;
pub(crate) mod end_session;
pub(crate) mod experience;
pub(crate) mod hint;
pub(crate) mod introspection;
pub(crate) mod management;
pub(crate) mod pushed_request;
pub(crate) mod refresh;
pub(crate) mod resume;
pub(crate) mod revocation;
pub(crate) mod sign_in;
pub(crate) mod tokens;
pub(crate) mod userinfo;
pub(crate) mod verification;
