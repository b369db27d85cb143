//! A relying party: it builds authorization requests and talks to the token endpoint.

use crate::support::{Answer, world::SECRET};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use reqwest::{Client, RequestBuilder, header::AUTHORIZATION, redirect::Policy};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(crate) const CLIENT_ID: &str = "bookstore";
pub(crate) const REDIRECT_URI: &str = "http://localhost:3000/callback";
pub(crate) const VERIFIER: &str = "a-code-verifier-of-at-least-forty-three-characters";
/// The scopes that the guide's app requests.
pub(crate) const SCOPES: &str = "openid offline_access profile phone email custom_data identities roles \
                                 urn:logto:scope:organizations";

/// The client `bookstore`.
pub(crate) struct RelyingParty {
    client: Client,
    issuer: String,
}

/// An authorization request: the usual parameters, changed.
#[derive(Clone)]
pub(crate) struct Request(Vec<(String, String)>);

impl Request {
    /// With offline access and consent, as the guide's app requests.
    pub(crate) fn new() -> Self {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let usual = [
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", SCOPES),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("prompt", "consent"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        Self(
            usual
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        )
    }

    /// Without `prompt`.
    pub(crate) fn plain() -> Self {
        Self::new().without("prompt")
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// Replaces a parameter.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        changed.0.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// Adds a parameter, even if it is there already.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// Path and query.
    pub(crate) fn address(&self) -> String {
        format!("/oidc/auth?{}", self.query())
    }

    pub(crate) fn fields(&self) -> Vec<(&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

impl RelyingParty {
    pub(crate) fn new(issuer: &str) -> Self {
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            issuer: issuer.to_owned(),
        }
    }

    /// Posts a form to an endpoint, with `client_secret_basic`.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .unauthenticated(path, fields)
            .header(AUTHORIZATION, basic(CLIENT_ID, SECRET));
        Answer::of(request.send().await.unwrap()).await
    }

    /// Posts a form to an endpoint without client authentication.
    pub(crate) fn unauthenticated(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.client
            .post(format!("{}{path}", self.issuer))
            .form(fields)
    }

    pub(crate) async fn exchange(&self, code: &str) -> Answer {
        self.post("/token", &exchange_form(code)).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/token", &fields).await
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let request = self
            .client
            .get(format!("{}/me", self.issuer))
            .bearer_auth(token);
        Answer::of(request.send().await.unwrap()).await
    }
}

/// The form of a code exchange.
pub(crate) fn exchange_form(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ]
}

/// The header of `client_secret_basic`.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(id), encode(secret));
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// A part of a JSON Web Token: 0 is the header, 1 the claims.
pub(crate) fn decoded(token: &str, part: usize) -> Value {
    let part = token.split('.').nth(part).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
