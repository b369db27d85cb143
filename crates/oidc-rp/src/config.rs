//! The client's registration at the provider, and what it requests there.

use openidconnect::{
    ClientId, ClientSecret, IssuerUrl, RedirectUrl, Scope, core::CoreJwsSigningAlgorithm,
};
use shared::Prompt;
use url::Url;

/// A confidential client's registration at one OpenID Provider, and what it requests there.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// The issuer, compared character by character.
    pub issuer: IssuerUrl,
    /// Where the provider is reached from here, when that differs from the issuer's origin.
    pub internal_url: Option<Url>,
    /// The client's identifier.
    pub client_id: ClientId,
    /// The client's secret, sent by `client_secret_basic`.
    pub client_secret: ClientSecret,
    /// Where the provider sends the authorization response.
    pub redirect_uri: RedirectUrl,
    /// Where the provider sends the browser after the end of its session.
    pub post_logout_redirect_uri: String,
    /// Scopes to request beyond `openid`.
    pub scopes: Vec<Scope>,
    /// Resource indicators (RFC 8707).
    pub resources: Vec<Url>,
    /// The `prompt` of a request that does not choose its own.
    pub prompt: Vec<Prompt>,
    /// Whether requests are pushed to a provider that accepts them (RFC 9126).
    pub pushes_requests: bool,
    /// The algorithms that ID tokens and logout tokens may be signed with, whatever discovery says.
    pub id_token_algorithms: Vec<CoreJwsSigningAlgorithm>,
}
