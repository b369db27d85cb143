//! The client's registration at the provider, and what it requests there.

use openidconnect::{
    ClientId, ClientSecret, IssuerUrl, PostLogoutRedirectUrl, RedirectUrl, Scope,
    core::CoreJwsSigningAlgorithm,
};
use shared::Prompt;
use url::{ParseError, Url};

/// A confidential client's registration at one OpenID Provider, and what it requests there.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// The issuer, compared character by character.
    pub issuer: IssuerUrl,
    /// Where this program reaches the provider, when that differs from the issuer's origin. Requests to it carry the issuer's
    /// `Host`, so that a provider such as Logto names its public endpoints.
    pub internal_url: Option<Url>,
    /// Trusted roots and proxies. No proxy is used for loopback and for `internal_url`.
    pub http: http_client::HttpConfig,
    /// The client's identifier.
    pub client_id: ClientId,
    /// The client's secret, sent by `client_secret_basic`.
    pub client_secret: ClientSecret,
    /// Where the provider sends the authorization response.
    pub redirect_uri: RedirectUrl,
    /// Where the provider sends the browser after it ended its session there.
    pub post_logout_redirect_uri: Option<PostLogoutRedirectUrl>,
    /// Scopes to request beyond `openid`.
    pub scopes: Vec<Scope>,
    /// Resource indicators (RFC 8707).
    pub resources: Vec<Url>,
    /// The `prompt` of a request that does not choose its own.
    pub prompt: Vec<Prompt>,
    /// Whether to push requests to a provider that accepts them (RFC 9126).
    pub pushes_requests: bool,
    /// The algorithms that ID tokens and logout tokens may be signed with. Discovery cannot add to them.
    pub id_token_algorithms: Vec<CoreJwsSigningAlgorithm>,
}

impl ClientConfig {
    /// A client that requests `openid` alone, and accepts ES256, ES384 and RS256.
    ///
    /// # Errors
    /// When `issuer` or `redirect_uri` is not a URL.
    pub fn new(
        issuer: &str,
        client_id: &str,
        client_secret: &str,
        redirect_uri: &str,
    ) -> Result<Self, ParseError> {
        Ok(Self {
            issuer: IssuerUrl::new(issuer.to_owned())?,
            internal_url: None,
            http: http_client::HttpConfig::default(),
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: ClientSecret::new(client_secret.to_owned()),
            redirect_uri: RedirectUrl::new(redirect_uri.to_owned())?,
            post_logout_redirect_uri: None,
            scopes: Vec::new(),
            resources: Vec::new(),
            prompt: Vec::new(),
            pushes_requests: true,
            id_token_algorithms: vec![
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EcdsaP384Sha384,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            ],
        })
    }
}
