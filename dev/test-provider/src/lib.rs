//! An OpenID Provider whose every answer can be spoilt, that writes down what the relying party does wrong, and
//! the bff in front of it.

mod app;
mod endpoints;
mod grants;
mod judge;
mod keys;
mod mutation;
mod program;
mod reply;
mod requests;
mod rules;
mod signed_token;

pub(crate) use app::HostileApp;
pub(crate) use judge::{Expected, cases};
pub(crate) use keys::Signer;
pub(crate) use mutation::{
    Mutation, at, authorization_response, discovery, id_token, jwks, nothing, pushed, refresh,
    refreshed_id_token, tokens, user_info,
};
pub(crate) use reply::{Endpoint, Reply};
pub(crate) use signed_token::SignedToken;

use clock::Clock;
use grants::Grants;
use requests::Requests;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

const CLIENT_ID: &str = "bookstore";
pub(crate) const SUB: &str = "rm551g7117ni";
pub(crate) const SID: &str = "provider-session";

/// The provider: what it was asked, what it granted, and how it lies.
struct HostileProvider {
    issuer: String,
    /// Where the endpoints are, a place that only discovery tells.
    endpoints: String,
    redirect_uri: String,
    post_logout_redirect_uri: String,
    clock: Clock,
    mutation: Mutex<Mutation>,
    requests: Requests,
    grants: Mutex<Grants>,
    /// Held answers wait for it.
    released: watch::Sender<bool>,
}

type Shared = Arc<HostileProvider>;
