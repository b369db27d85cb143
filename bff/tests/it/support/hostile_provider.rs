//! An OpenID Provider whose every answer can be spoilt, and the bff in front of it.

use super::{
    Answer, TestBrowser,
    app::{APP_SECRET, COOKIE_SECRET, bff_routers, write_frontend},
    server::{Server, free_port, url},
};
use axum::{Form, Json, Router, extract::State, routing::get, routing::post};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clock::Clock;
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use p384::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

const CLIENT_ID: &str = "bookstore";
pub(crate) const SUB: &str = "rm551g7117ni";
pub(crate) const SID: &str = "provider-session";

/// The parts of the provider's answers, right until a story spoils them.
pub(crate) struct Spoilt {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) signer: Signer,
    /// What stands in place of the signature that `signer` makes.
    pub(crate) signature: Option<Vec<u8>>,
    /// The token endpoint's answer, but for `id_token`.
    pub(crate) tokens: Value,
    pub(crate) without_id_token: bool,
}

/// What signs the ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signer {
    /// The ES384 key that the set publishes.
    Published,
    /// The RS256 key that the set publishes.
    PublishedRsa,
    /// An ES384 key of somebody else, under the published key's id.
    Stranger,
    /// HMAC with the client secret.
    ClientSecret,
    /// Nothing: `alg` is none.
    Nobody,
}

type Spoil = Arc<dyn Fn(&mut Spoilt) + Send + Sync>;

/// The provider, and what it was asked.
#[derive(Clone)]
struct HostileProvider {
    url: String,
    clock: Clock,
    spoil: Spoil,
    requests: Arc<Mutex<Vec<&'static str>>>,
}

/// The bff in front of a hostile provider.
pub(crate) struct HostileApp {
    pub(crate) clock: Clock,
    bff: Server,
    _provider: Server,
    provider: HostileProvider,
    _folder: TempDir,
}

impl HostileApp {
    pub(crate) async fn start(spoil: impl Fn(&mut Spoilt) + Send + Sync + 'static) -> Self {
        Self::start_at("", spoil).await
    }

    /// Starts with a `BASE_URL` that is not the address of the listener.
    pub(crate) async fn start_at(
        base_url: &str,
        spoil: impl Fn(&mut Spoilt) + Send + Sync + 'static,
    ) -> Self {
        let clock = Clock::stopped_at(Clock::system().now());
        let folder = tempfile::tempdir().unwrap();
        write_frontend(&folder.path().join("dist"));
        let (bff_port, provider_port) = (free_port().await, free_port().await);
        let provider = HostileProvider {
            url: url(&provider_port),
            clock: clock.clone(),
            spoil: Arc::new(spoil),
            requests: Arc::default(),
        };
        let settings = HashMap::from([
            ("LOGTO_ENDPOINT", provider.url.clone()),
            ("LOGTO_APP_ID", CLIENT_ID.to_owned()),
            ("LOGTO_APP_SECRET", APP_SECRET.to_owned()),
            (
                "BASE_URL",
                if base_url.is_empty() {
                    url(&bff_port)
                } else {
                    base_url.to_owned()
                },
            ),
            ("COOKIE_SECRET", COOKIE_SECRET.to_owned()),
            ("SESSION_STORE", "memory:".to_owned()),
            (
                "FRONTEND_DIST",
                folder.path().join("dist").display().to_string(),
            ),
        ]);
        Self {
            bff: Server::start(bff_port, bff_routers(&settings, &clock).await.0),
            _provider: Server::start(provider_port, router(provider.clone())),
            clock,
            provider,
            _folder: folder,
        }
    }

    pub(crate) fn browser(&self) -> TestBrowser {
        TestBrowser::new(self.bff.url.clone())
    }

    /// How often an endpoint was asked.
    pub(crate) fn requests(&self, endpoint: &str) -> usize {
        self.provider
            .requests
            .lock()
            .unwrap()
            .iter()
            .filter(|&&request| request == endpoint)
            .count()
    }

    /// A right logout token but for what `spoil` does to it.
    pub(crate) fn logout_token(&self, spoil: impl Fn(&mut Spoilt)) -> String {
        let now = self.clock.unix();
        let mut token = Spoilt {
            header: json!({"alg": "ES384", "typ": "logout+jwt", "kid": "published"}),
            claims: json!({
                "iss": self.provider.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 120,
                "jti": format!("jti-{}", self.provider.requests.lock().unwrap().len()),
                "sub": SUB, "sid": SID, "ignored_claim": true,
                "events": {"http://schemas.openid.net/event/backchannel-logout": {}}
            }),
            signer: Signer::Published,
            signature: None,
            tokens: Value::Null,
            without_id_token: false,
        };
        self.provider.note("logout token");
        spoil(&mut token);
        token.compact()
    }

    /// Posts a logout token as a provider does.
    pub(crate) async fn back_channel_logout(&self, token: &str) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", token)
            .append_pair("ignored_parameter", "x")
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.browser()
            .send(
                reqwest::Method::POST,
                "/backchannel-logout",
                &headers,
                &form,
            )
            .await
    }

    /// Goes through a sign-in; answers where the callback led. The code carries the nonce to the token endpoint.
    pub(crate) async fn sign_in(&self, browser: &mut TestBrowser) -> String {
        self.sign_in_with_nonce(browser).await.0
    }

    /// The same, with the nonce of the authorization request.
    pub(crate) async fn sign_in_with_nonce(&self, browser: &mut TestBrowser) -> (String, String) {
        let request = browser.visit("/sign-in").await;
        let request: url::Url = request.location().parse().unwrap();
        let query: HashMap<_, _> = request.query_pairs().into_owned().collect();
        let callback = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &query["state"])
            .append_pair("iss", &self.provider.issuer())
            .append_pair("code", &query["nonce"])
            .finish();
        let landed = browser.visit(&format!("/callback?{callback}")).await;
        (landed.location().to_owned(), query["nonce"].clone())
    }
}

fn router(provider: HostileProvider) -> Router {
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/jwks", get(jwks))
        .route("/oidc/token", post(token))
        .with_state(provider)
}

async fn discovery(State(provider): State<HostileProvider>) -> Json<Value> {
    provider.note("discovery");
    let issuer = provider.issuer();
    // It offers HS256 and none on purpose: what a provider offers must not decide what is accepted.
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "ES384", "none"],
        "authorization_response_iss_parameter_supported": true
    }))
}

/// The published keys, between keys of kinds that nobody knows.
async fn jwks(State(provider): State<HostileProvider>) -> Json<Value> {
    provider.note("jwks");
    let point = published().verifying_key().to_sec1_point(false);
    let encode =
        |bytes: Option<_>| bytes.map(|bytes: &p384::FieldBytes| URL_SAFE_NO_PAD.encode(bytes));
    let rsa = serde_json::to_value(rsa().as_verification_key()).unwrap();
    let ec = json!({
        "kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": "published",
        "x": encode(point.x()), "y": encode(point.y())
    });
    let strange = json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "post-quantum", "pub": "AAAA"});
    let made_up = json!({"kty": "made-up", "kid": "made-up"});
    Json(json!({"keys": [strange, ec, rsa, made_up]}))
}

async fn token(
    State(provider): State<HostileProvider>,
    Form(form): Form<HashMap<String, String>>,
) -> Json<Value> {
    provider.note("token");
    let now = provider.clock.unix();
    let mut answer = Spoilt {
        header: json!({"alg": "ES384", "kid": "published"}),
        claims: json!({
            "iss": provider.issuer(), "sub": SUB, "aud": CLIENT_ID, "exp": now + 3_600, "iat": now,
            "nonce": form["code"], "sid": SID, "name": null
        }),
        signer: Signer::Published,
        signature: None,
        tokens: json!({"access_token": "opaque-access-token", "token_type": "Bearer", "expires_in": 3_600}),
        without_id_token: false,
    };
    (provider.spoil)(&mut answer);
    let mut tokens = answer.tokens.clone();
    if !answer.without_id_token {
        tokens["id_token"] = answer.compact().into();
    }
    Json(tokens)
}

impl HostileProvider {
    fn issuer(&self) -> String {
        format!("{}/oidc", self.url)
    }

    fn note(&self, request: &'static str) {
        self.requests.lock().unwrap().push(request);
    }
}

impl Spoilt {
    /// The JWS in compact form.
    fn compact(&self) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&self.header), encode(&self.claims));
        let signature = self
            .signature
            .clone()
            .unwrap_or_else(|| self.signer.sign(signed.as_bytes()));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Signer {
    fn sign(self, message: &[u8]) -> Vec<u8> {
        let ecdsa = |key: SigningKey| {
            let signature: Signature = key.sign(message);
            signature.to_bytes().to_vec()
        };
        match self {
            Self::Published => ecdsa(published()),
            Self::Stranger => ecdsa(SigningKey::from_slice(&[9; 48]).unwrap()),
            Self::PublishedRsa => rsa()
                .sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message)
                .unwrap(),
            Self::ClientSecret => hmac_sha256(APP_SECRET.as_bytes(), message),
            Self::Nobody => Vec::new(),
        }
    }
}

fn published() -> SigningKey {
    SigningKey::from_slice(&[7; 48]).unwrap()
}

fn rsa() -> CoreRsaPrivateSigningKey {
    let pem = include_str!("keys/rsa.pem");
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new("published-rsa".to_owned())))
        .unwrap()
}

/// The library signs with HMAC for whoever holds the secret.
fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let key = openidconnect::core::CoreHmacKey::new(secret);
    key.sign(&CoreJwsSigningAlgorithm::HmacSha256, message)
        .unwrap()
}
