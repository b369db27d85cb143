//! Verification of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). The library has no
//! type for it, so the steps of the section stand here, numbered, beside the lines that do them.

use crate::ClientConfig;
use crate::{
    Client,
    discovery::{Metadata, MetadataError},
    http_client::has_media_type,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;
use url::form_urlencoded;

/// How far the provider's clock and ours may differ.
const SKEW_SECONDS: i64 = 60;
/// A logout token lives two minutes at Logto; one that was issued much longer ago is a replay.
const OLDEST_SECONDS: i64 = 600;
/// The member of `events` that makes a token a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose sessions end.
#[derive(Debug)]
pub struct LogoutToken {
    /// The person. `None` when only one session ends.
    pub sub: Option<String>,
    /// The provider's session.
    pub sid: Option<String>,
    /// Identifies this token, to be accepted once.
    pub jti: String,
    /// Until when a replay must be known, in seconds since 1970.
    pub expires_at: i64,
}

/// Why a logout token is refused. The text has no claim's value.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenError {
    /// No compact JWS of JSON objects.
    #[error("not a signed token")]
    Malformed,
    /// No published key verifies the signature.
    #[error("not signed by a key that is known")]
    UnknownKey,
    /// A header parameter or claim, by its name.
    #[error("`{0}` is missing or wrong")]
    Wrong(&'static str),
}

/// Why a logout token ends nothing.
#[derive(Debug, thiserror::Error)]
pub enum LogoutTokenFailure {
    /// The provider's keys are not available: it should send the token again.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The token is wrong.
    #[error("the logout token is refused: {0}")]
    Refused(#[from] LogoutTokenError),
}

impl Client {
    /// Verifies a logout token; a key that is not known is looked for once.
    ///
    /// # Errors
    /// When the token is refused, or the provider's keys are not available.
    pub async fn verify_logout_token(
        &self,
        unverified_token: &str,
    ) -> Result<LogoutToken, LogoutTokenFailure> {
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
                    Some(newer) => Ok(verify(&newer)?),
                    None => Err(LogoutTokenError::UnknownKey.into()),
                }
            }
            verified => Ok(verified?),
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
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, rename = "crit", deserialize_with = "present")]
    has_crit: bool,
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
    pub(crate) fn verify(&self, unverified_token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let (signed, signature) = unverified_token
            .rsplit_once('.')
            .ok_or(LogoutTokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(LogoutTokenError::Malformed)?;
        let header: Header = decode(header)?;
        self.check_header(&header)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| LogoutTokenError::Malformed)?;
        self.check_signature(&header, signed.as_bytes(), &signature)?;
        self.check_claims(claims)
    }

    /// Steps 2 and 3: a pinned algorithm. `typ` may be absent, because not every provider sends it, but an
    /// access token or ID token must not pass for a logout token.
    fn check_header(&self, header: &Header) -> Result<(), LogoutTokenError> {
        if !self.config.id_token_algorithms.contains(&header.alg) {
            return Err(LogoutTokenError::Wrong("alg"));
        }
        let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
        if !matches!(typ.as_deref(), None | Some("jwt" | "logout+jwt")) {
            return Err(LogoutTokenError::Wrong("typ"));
        }
        // RFC 7515, section 4.1.11: an extension that we do not know must be refused.
        (!header.has_crit)
            .then_some(())
            .ok_or(LogoutTokenError::Wrong("crit"))
    }

    /// Step 2: with the provider's keys, those of this `kid` when the header names one.
    fn check_signature(
        &self,
        header: &Header,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), LogoutTokenError> {
        let named = |key: &&CoreJsonWebKey| {
            header
                .kid
                .as_ref()
                .is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid))
        };
        let mut keys = self.metadata.jwks().keys().iter().filter(named);
        // A wrong signature may be that of a new key under an old key's id, or of one without an id.
        keys.any(|key| key.verify_signature(&header.alg, signed, signature).is_ok())
            .then_some(())
            .ok_or(LogoutTokenError::UnknownKey)
    }

    /// The claims alone: whoever calls has verified the signature.
    pub(crate) fn check_claims(&self, claims: &str) -> Result<LogoutToken, LogoutTokenError> {
        let claims: UnverifiedClaims = decode(claims)?;
        let wrong = |claim| Err(LogoutTokenError::Wrong(claim));
        // Step 4: iss, aud, iat and exp as in an ID token.
        if claims.iss.as_deref() != Some(self.config.issuer.as_str()) {
            return wrong("iss");
        }
        if !claims.aud.is_some_and(|aud| self.is_us_alone(&aud)) {
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
        // Step 5: somebody or some session, or both. An empty name names nobody.
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
        // Step 7: an ID token cannot be taken for it.
        if claims.has_nonce {
            return wrong("nonce");
        }
        // Step 8 needs the store: whoever calls accepts a `jti` once.
        let Some(jti) = named(claims.jti) else {
            return wrong("jti");
        };
        // Longer it would not be accepted, whatever it says of itself.
        let expires_at = expires_at.min(issued_at + OLDEST_SECONDS) + SKEW_SECONDS;
        Ok(LogoutToken {
            sub,
            sid,
            jti,
            expires_at,
        })
    }

    fn is_us_alone(&self, aud: &Value) -> bool {
        let us = self.config.client_id.as_str();
        aud == us
            || aud
                .as_array()
                .is_some_and(|list| matches!(list.as_slice(), [only] if only == us))
    }
}

/// A JSON object (RFC 7519, section 7.2); serde alone would also take a list of the members' values.
fn decode<T: DeserializeOwned>(part: &str) -> Result<T, LogoutTokenError> {
    let json = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| LogoutTokenError::Malformed)?;
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err(LogoutTokenError::Malformed);
    }
    serde_json::from_slice(&json).map_err(|_| LogoutTokenError::Malformed)
}

/// For a member that must not be there at all: `null` is there, too.
fn present<'de, D: Deserializer<'de>>(member: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(member).map(|_| true)
}

/// A `NumericDate` without its fraction; none when it is no date of this era.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
fn seconds(date: f64) -> Option<i64> {
    (0.0..1e12).contains(&date).then_some(date as i64)
}
