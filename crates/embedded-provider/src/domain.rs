//! Pure rules: no HTTP, no SQL, no clock.

pub(crate) mod application;
pub(crate) mod authorization_request;
pub(crate) mod claims;
pub(crate) mod client_assertion;
pub(crate) mod client_authentication;
pub(crate) mod experience_error;
pub(crate) mod id_token;
pub(crate) mod language;
pub(crate) mod lifetime;
pub(crate) mod management;
pub(crate) mod next_step;
pub(crate) mod oidc_error;
pub(crate) mod parameters;
pub(crate) mod pkce;
pub(crate) mod prompt;
pub(crate) mod region;
pub(crate) mod response_mode;
pub(crate) mod rotation;
pub(crate) mod scope;
pub(crate) mod screen;
pub(crate) mod sign_in_experience;
pub(crate) mod structured_token;
pub(crate) mod user;
pub(crate) mod verification_code;
