//! An OpenID Provider that asks nobody anything: whoever comes is signed in at once, under the name that the address
//! says. Its access tokens live for seconds, it rotates refresh tokens as strictly as Logto, and it writes logout tokens.
//!
//! Its tokens have the claims and the lengths of Logto's, for they are most of what a session takes.
//!
//! It trusts the bff with client authentication and PKCE: the bff's own tests have a provider that does not.

mod grants;
mod signing;

use crate::{
    http::{
        message::Message,
        server::{LocalServer, Reply},
    },
    ports,
};
use anyhow::Result;
use clock::Clock;
use grants::{Grants, Person, Tokens};
use serde_json::{Value, json};
use signing::Key;
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};
use url::form_urlencoded;

/// The client's name here.
pub(crate) const CLIENT_ID: &str = "bookstore";

/// So long the answer to a refresh is on its way: a crash must have a chance to come between.
const ON_ITS_WAY: Duration = Duration::from_millis(25);

type Parameters = HashMap<String, String>;

/// A running provider.
pub(crate) struct InstantProvider {
    inner: Arc<Inner>,
    port: u16,
    _server: LocalServer,
}

struct Inner {
    issuer: String,
    access_token_life: Duration,
    key: Key,
    grants: Mutex<Grants>,
    clock: Clock,
}

impl InstantProvider {
    /// Starts one on a free port.
    pub(crate) fn start(access_token_life: Duration) -> Result<Self> {
        let port = ports::free()?;
        let inner = Arc::new(Inner {
            issuer: format!("{}/oidc", endpoint(port)),
            access_token_life,
            key: Key::random(),
            grants: Mutex::default(),
            clock: Clock::system(),
        });
        let answering = inner.clone();
        let server = LocalServer::start(port, move |request| answering.answer(request))?;
        Ok(Self {
            inner,
            port,
            _server: server,
        })
    }

    /// What the bff knows as `LOGTO_ENDPOINT`.
    pub(crate) fn endpoint(&self) -> String {
        endpoint(self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A logout token for a session of this provider (`sid`), or for all of a person's.
    pub(crate) fn logout_token(&self, sub: &str, sid: Option<&str>) -> String {
        let now = self.inner.clock.unix();
        let mut claims = json!({
            "iss": self.inner.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120,
            "jti": format!("{:032x}", rand::random::<u128>()), "sub": sub,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        if let Some(sid) = sid {
            claims["sid"] = sid.into();
        }
        self.inner.key.sign("logout+jwt", &claims)
    }

    /// How often a refresh token came that was replaced too long ago.
    pub(crate) fn reuses(&self) -> u64 {
        self.inner.grants().reuses
    }

    /// How many refreshes there were.
    pub(crate) fn refreshes(&self) -> u64 {
        self.inner.grants().refreshes
    }
}

fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

impl Inner {
    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Message) -> Reply {
        let mut words = request.first_line.split(' ').skip(1);
        let target = words.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match path.strip_prefix("/oidc").unwrap_or_default() {
            "/.well-known/openid-configuration" => Reply::json(200, self.discovery()),
            "/jwks" => Reply::json(200, json!({"keys": [self.key.jwk()]})),
            "/auth" => self.authorize(&parameters(query.as_bytes())),
            "/token" => self.token(&parameters(&request.body)),
            "/token/revocation" => self.revoke(&parameters(&request.body)),
            "/me" => self.user_info(request),
            "/session/end" => Reply::json(200, Value::Null),
            _ => Reply::json(404, Value::Null),
        }
    }

    fn discovery(&self) -> Value {
        let at = |endpoint: &str| format!("{}/{endpoint}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("auth"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("me"),
            "jwks_uri": at("jwks"),
            "revocation_endpoint": at("token/revocation"),
            "end_session_endpoint": at("session/end"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES384"],
            "authorization_response_iss_parameter_supported": true
        })
    }

    /// Who signs in, and in which session of this provider, is said by two parameters of our own, which the browser adds.
    fn authorize(&self, request: &Parameters) -> Reply {
        let given = |name: &str| request.get(name).cloned().unwrap_or_default();
        let person = Person {
            sub: given("person"),
            sid: given("provider_session"),
            nonce: given("nonce"),
        };
        let code = self.grants().code_for(person);
        let answer = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("code", &code),
                ("state", &given("state")),
                ("iss", &self.issuer),
            ])
            .finish();
        Reply::see_other(format!("{}?{answer}", given("redirect_uri")))
    }

    fn token(&self, form: &Parameters) -> Reply {
        let given = |name: &str| form.get(name).map_or("", String::as_str);
        let (life, now) = (self.access_token_life, Instant::now());
        if given("grant_type") == "refresh_token" {
            // An ID token need not come with it, and signing takes time in a debug build.
            let refreshed = self.grants().refresh(given("refresh_token"), life, now);
            thread::sleep(ON_ITS_WAY);
            return self.tokens(refreshed);
        }
        let Some((person, tokens)) = self.grants().exchange(given("code"), life, now) else {
            return self.tokens(None);
        };
        let mut reply = self.tokens(Some(tokens));
        reply.body["id_token"] = self.id_token(&person).into();
        reply
    }

    fn tokens(&self, tokens: Option<Tokens>) -> Reply {
        match tokens {
            None => Reply::json(400, json!({"error": "invalid_grant"})),
            Some(tokens) => Reply::json(
                200,
                json!({
                    "access_token": tokens.access, "refresh_token": tokens.refresh,
                    "token_type": "Bearer", "expires_in": self.access_token_life.as_secs()
                }),
            ),
        }
    }

    fn id_token(&self, person: &Person) -> String {
        let now = self.clock.unix();
        let Person { sub, sid, nonce } = person;
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "exp": now + 3_600, "iat": now,
            "sub": sub, "sid": sid, "nonce": nonce, "phone_number": phone_number(sub),
            "phone_number_verified": true, "created_at": now * 1_000, "updated_at": now * 1_000,
            "name": null, "picture": null, "username": null, "email": null, "email_verified": false,
            "roles": [], "organizations": []
        });
        self.key.sign("JWT", &claims)
    }

    fn revoke(&self, form: &Parameters) -> Reply {
        self.grants()
            .revoke(form.get("token").map_or("", String::as_str));
        Reply::json(200, Value::Null)
    }

    fn user_info(&self, request: &Message) -> Reply {
        let token = request.header("authorization").unwrap_or_default();
        let token = token.strip_prefix("Bearer ").unwrap_or_default();
        match self.grants().whose(token, Instant::now()) {
            Some(sub) => Reply::json(200, json!({"sub": sub})),
            None => Reply::json(401, Value::Null),
        }
    }
}

/// Always the same for a person.
fn phone_number(sub: &str) -> String {
    let mut hasher = DefaultHasher::new();
    sub.hash(&mut hasher);
    format!("8613{:09}", hasher.finish() % 1_000_000_000)
}

fn parameters(text: &[u8]) -> Parameters {
    form_urlencoded::parse(text).into_owned().collect()
}
