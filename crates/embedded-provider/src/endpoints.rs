//! The endpoints: HTTP only. Each reads a request, calls a flow, and writes the response.

pub(crate) mod assets;
pub(crate) mod authorization;
pub(crate) mod discovery;
pub(crate) mod end_session;
pub(crate) mod experience;
pub(crate) mod form;
pub(crate) mod interaction;
pub(crate) mod introspection;
pub(crate) mod jwks;
pub(crate) mod management;
pub(crate) mod phone_number;
pub(crate) mod pushed_authorization_request;
pub(crate) mod query_or_form;
pub(crate) mod response;
pub(crate) mod revocation;
pub(crate) mod shown_error;
pub(crate) mod sign_in_page;
pub(crate) mod token;
pub(crate) mod unknown_route;
pub(crate) mod userinfo;
