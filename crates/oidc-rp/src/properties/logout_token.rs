//! The logout token: no text verifies without the provider's signature, and of signed claims only those of a
//! logout of this client, now.

mod provider;

#[cfg(test)]
mod tests;

use crate::{LogoutToken, logout_token::Expected};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// When the properties look at a token, in seconds since 1970.
const NOW: i32 = 1_800_000_000;
const ISSUER: &str = "https://logto.example/oidc";
const US: &str = "bookstore";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The property, for any bytes: three lines are the header's JSON, the claims' JSON and the signature of a token;
/// and the whole is the text of a token, too.
///
/// # Panics
/// When it does not hold.
pub fn holds(input: &[u8]) {
    never_verifies(&String::from_utf8_lossy(input));
    let mut lines = input.splitn(3, |&byte| byte == b'\n');
    let [header, claims, signature] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let parts = [header, claims, signature].map(|part| URL_SAFE_NO_PAD.encode(part));
    never_verifies(&parts.join("."));
    accepted(claims);
}

/// Nobody knows the private keys of [`provider`], so whatever verifies is a forgery.
fn never_verifies(token: &str) {
    let verified = at(NOW.into()).verify(token);
    assert!(verified.is_err(), "a forged token verifies");
}

/// What is accepted of claims that are signed; the property is that no other are.
fn accepted(claims: &[u8]) -> Option<LogoutToken> {
    let token = check(claims, NOW.into())?;
    // JSON that is nested deeper than a `Value` may be is out of the model's reach.
    if let Ok(claims) = serde_json::from_slice::<Value>(claims) {
        assert_eq!(
            wrong_claims(&claims),
            [""; 0],
            "accepted with wrong claims: {claims}"
        );
        let named = |name: &str| claims[name].as_str().filter(|text| !text.is_empty());
        assert_eq!(token.sub.as_deref(), named("sub"));
        assert_eq!(token.sid.as_deref(), named("sid"));
        assert_eq!(Some(token.jti.as_str()), named("jti"));
    }
    let replayed = check(claims, token.expires_at + 1);
    assert!(replayed.is_none(), "its `jti` is forgotten too early");
    Some(token)
}

/// The model: the names of the claims that are wrong (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6).
fn wrong_claims(claims: &Value) -> Vec<&'static str> {
    let number = |name: &str| claims[name].as_f64();
    let filled = |name: &str| claims[name].as_str().is_some_and(|text| !text.is_empty());
    let (oldest, newest) = (f64::from(NOW - 600), f64::from(NOW + 61));
    let rules = [
        ("iss", claims["iss"] == ISSUER),
        ("aud", claims["aud"] == US || claims["aud"] == json!([US])),
        (
            "iat",
            number("iat").is_some_and(|iat| oldest <= iat && iat < newest),
        ),
        (
            "exp",
            number("exp").is_some_and(|exp| exp > f64::from(NOW - 60)),
        ),
        ("jti", filled("jti")),
        ("sub", filled("sub") || filled("sid")),
        ("events", claims["events"][EVENT].is_object()),
        ("nonce", claims.get("nonce").is_none()),
    ];
    rules
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(name, _)| name)
        .collect()
}

fn check(claims: &[u8], now: i64) -> Option<LogoutToken> {
    at(now).check_claims(claims).ok()
}

fn at(now: i64) -> Expected<'static> {
    Expected {
        config: &provider::CONFIG,
        metadata: &provider::METADATA,
        now,
    }
}
