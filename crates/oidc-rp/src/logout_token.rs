//! Verification of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). The library has no type for it, so
//! the numbered steps of the section are beside the lines that do them.

use crate::{
    Client, ClientConfig,
    discovery::{Metadata, MetadataError},
    http_client::has_media_type,
    signed_token::{self, SignatureError, present},
};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

/// How far the provider's clock and this one may differ.
const SKEW_SECONDS: i64 = 60;
/// Logto's logout tokens live two minutes. A much older one is a replay.
const OLDEST_SECONDS: i64 = 600;
/// The member of `events` that makes a token a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A verified logout token: whose sessions end.
#[derive(Debug)]
pub struct LogoutToken {
    /// The person, or `None` when `sid` alone says which session ends.
    pub sub: Option<String>,
    /// The provider's session, or `None` when all sessions of `sub` end.
    pub sid: Option<String>,
    /// Identifies this token. Accept it once.
    pub jti: String,
    /// How long to remember `jti`, in seconds since 1970. Later the token is refused anyway.
    pub expires_at: i64,
}

/// Why a logout token ends no session. The text has no claim's value.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenError {
    /// The provider's keys are not available. It should send the token again.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Not a compact JWS of JSON objects.
    #[error("the logout token is refused: not a signed token")]
    Malformed,
    /// No published key verifies the signature.
    #[error("the logout token is refused: not signed by a key that is known")]
    UnknownKey,
    /// A header parameter or claim, by its name.
    #[error("the logout token is refused: `{0}` is missing or wrong")]
    Wrong(&'static str),
}

impl Client {
    /// Verifies a logout token. An unknown key may be a new one, so the keys are fetched once more.
    ///
    /// # Errors
    /// When the token is refused, or the provider's keys are not available.
    pub async fn verify_logout_token(
        &self,
        unverified_token: &str,
    ) -> Result<LogoutToken, LogoutTokenError> {
        let verify = |metadata: &Metadata| {
            let now = self.clock.unix();
            Expected {
                config: &self.config,
                metadata,
                now,
            }
            .verify(unverified_token)
        };
        let metadata = self.metadata().await?;
        match verify(&metadata) {
            Err(LogoutTokenError::UnknownKey) => {
                match self.discovery.newer_than(&metadata, &self.http).await? {
                    Some(newer) => verify(&newer),
                    None => Err(LogoutTokenError::UnknownKey),
                }
            }
            verified => verified,
        }
    }
}

/// The one `logout_token` of a logout request (section 2.5); other parameters are ignored. `None` when the body is not a
/// form, or has no token or several.
#[must_use]
pub fn read_logout_request(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if !has_media_type(headers, "application/x-www-form-urlencoded") {
        return None;
    }
    let mut tokens = form_urlencoded::parse(body).filter(|(name, _)| name == "logout_token");
    let token = tokens.next()?.1.into_owned();
    tokens.next().is_none().then_some(token)
}

#[derive(Deserialize)]
struct UnverifiedClaims {
    iss: Option<String>,
    aud: Option<Value>,
    iat: Option<f64>,
    exp: Option<f64>,
    jti: Option<String>,
    sub: Option<String>,
    sid: Option<String>,
    events: Option<Value>,
    #[serde(default, rename = "nonce", deserialize_with = "present")]
    has_nonce: bool,
}

/// What a logout token is verified against.
pub(crate) struct Expected<'a> {
    pub config: &'a ClientConfig,
    pub metadata: &'a Metadata,
    /// Seconds since 1970.
    pub now: i64,
}

impl Expected<'_> {
    /// Steps 2 and 3 are in [`signed_token`].
    pub(crate) fn verify(&self, unverified_token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let types = ["jwt", "logout+jwt"];
        let signed = signed_token::verify(unverified_token, types, self.config, self.metadata)?;
        self.check_claims(&signed.claims)
    }

    /// The claims. The caller has verified the signature.
    pub(crate) fn check_claims(&self, claims: &[u8]) -> Result<LogoutToken, LogoutTokenError> {
        let claims: UnverifiedClaims = signed_token::read(claims)?;
        let wrong = |claim| Err(LogoutTokenError::Wrong(claim));
        // Step 4: iss, aud, iat and exp as in an ID token.
        if claims.iss.as_deref() != Some(self.config.issuer.as_str()) {
            return wrong("iss");
        }
        if !claims
            .aud
            .is_some_and(|aud| self.is_this_client_alone(&aud))
        {
            return wrong("aud");
        }
        let Some(issued_at) = claims.iat.and_then(seconds) else {
            return wrong("iat");
        };
        if !(self.now - OLDEST_SECONDS..=self.now + SKEW_SECONDS).contains(&issued_at) {
            return wrong("iat");
        }
        let Some(expires_at) = claims
            .exp
            .and_then(seconds)
            .filter(|&exp| exp > self.now - SKEW_SECONDS)
        else {
            return wrong("exp");
        };
        // Step 5: `sub` or `sid`, or both. An empty one counts as absent.
        let named = |claim: Option<String>| claim.filter(|text| !text.is_empty());
        let (sub, sid) = (named(claims.sub), named(claims.sid));
        if sub.is_none() && sid.is_none() {
            return wrong("sub");
        }
        // Step 6: it is about logging out.
        if !claims
            .events
            .is_some_and(|events| events.get(EVENT).is_some_and(Value::is_object))
        {
            return wrong("events");
        }
        // Step 7: it is not an ID token.
        if claims.has_nonce {
            return wrong("nonce");
        }
        // Step 8 needs a store: the caller accepts a `jti` once.
        let Some(jti) = named(claims.jti) else {
            return wrong("jti");
        };
        // It is refused as too old then, whatever its `exp`.
        let expires_at = expires_at.min(issued_at + OLDEST_SECONDS) + SKEW_SECONDS;
        Ok(LogoutToken {
            sub,
            sid,
            jti,
            expires_at,
        })
    }

    fn is_this_client_alone(&self, aud: &Value) -> bool {
        let client_id = self.config.client_id.as_str();
        let only = match aud.as_array().map(Vec::as_slice) {
            Some([only]) => only,
            _ => aud,
        };
        only == client_id
    }
}

impl From<SignatureError> for LogoutTokenError {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Malformed => Self::Malformed,
            SignatureError::Header(name) => Self::Wrong(name),
            SignatureError::UnknownKey => Self::UnknownKey,
        }
    }
}

/// A `NumericDate` without its fraction. `None` when it is before 1970 or after the year 33,658.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
fn seconds(date: f64) -> Option<i64> {
    (0.0..1e12).contains(&date).then_some(date as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_provider::{CLIENT_ID, ISSUER, NOW, config, header, metadata, signed};
    use serde_json::json;

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ada", "sid": "s", "jti": "j",
            "iat": NOW, "exp": NOW + 120, "events": {EVENT: {}},
        })
    }

    fn verify(logout_token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let (config, metadata) = (config(), metadata());
        let expected = Expected {
            config: &config,
            metadata: &metadata,
            now: NOW,
        };
        expected.verify(logout_token)
    }

    /// The name of the wrong claim or header parameter; nothing when the token is accepted.
    fn wrong(logout_token: &str) -> &'static str {
        match verify(logout_token) {
            Ok(_) => "",
            Err(LogoutTokenError::Wrong(name)) => name,
            Err(LogoutTokenError::Malformed) => "malformed",
            Err(LogoutTokenError::UnknownKey) => "key",
            Err(LogoutTokenError::Metadata(_)) => "metadata",
        }
    }

    #[test]
    fn each_claim_has_right_and_wrong_values() {
        let absent = || Value::Null;
        for (name, value, expected) in [
            ("iss", absent(), "iss"),
            ("iss", json!(format!("{ISSUER}/")), "iss"),
            ("aud", json!([CLIENT_ID]), ""),
            ("aud", absent(), "aud"),
            ("aud", json!("another client"), "aud"),
            ("aud", json!([CLIENT_ID, "another client"]), "aud"),
            ("aud", json!([[CLIENT_ID]]), "aud"),
            ("aud", json!([]), "aud"),
            ("iat", json!(NOW - 600), ""),
            ("iat", json!(NOW + 60), ""),
            ("iat", absent(), "iat"),
            ("iat", json!(NOW - 601), "iat"),
            ("iat", json!(NOW + 61), "iat"),
            ("iat", json!(1e300), "iat"),
            ("exp", json!(NOW - 59), ""),
            ("exp", absent(), "exp"),
            ("exp", json!(NOW - 60), "exp"),
            ("exp", json!("soon"), "malformed"),
            ("sub", absent(), ""),
            ("sid", absent(), ""),
            ("jti", absent(), "jti"),
            ("jti", json!(""), "jti"),
            ("events", absent(), "events"),
            ("events", json!([EVENT]), "events"),
            ("events", json!({"another": {}}), "events"),
            ("events", json!({EVENT: null}), "events"),
            ("nonce", absent(), "nonce"),
            ("nonce", json!("n"), "nonce"),
        ] {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(wrong(&signed(&header(), &claims)), expected, "{claims}");
        }
        let mut nobody = claims();
        (nobody["sub"], nobody["sid"]) = (json!(""), Value::Null);
        assert_eq!(wrong(&signed(&header(), &nobody)), "sub");
    }

    #[test]
    fn the_header_names_a_published_key_and_a_pinned_algorithm() {
        for (name, value, expected) in [
            ("typ", json!("logout+jwt"), ""),
            ("typ", json!("JWT"), ""),
            ("typ", json!("at+jwt"), "typ"),
            ("kid", Value::Null, ""),
            ("kid", json!("unpublished"), "key"),
            ("alg", json!("RS256"), "key"),
            ("alg", json!("none"), "alg"),
            ("alg", json!("HS256"), "alg"),
            ("crit", Value::Null, "crit"),
            ("crit", json!(["b64"]), "crit"),
        ] {
            let mut header = header();
            header[name] = value;
            assert_eq!(wrong(&signed(&header, &claims())), expected, "{header}");
        }
        let token = signed(&header(), &claims());
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(wrong(&format!("{message}.{}", "A".repeat(128))), "key");
        for no_token in ["", "a.b.c", message, &token.replace('.', "")] {
            assert_eq!(wrong(no_token), "malformed", "{no_token}");
        }
    }

    #[test]
    fn a_token_says_whose_sessions_end_and_how_long_its_jti_counts() {
        let token = verify(&signed(&header(), &claims())).unwrap();
        assert_eq!(token.sub.as_deref(), Some("ada"));
        assert_eq!(token.sid.as_deref(), Some("s"));
        assert_eq!((&*token.jti, token.expires_at), ("j", NOW + 180));
    }
}
