//! Verification of an ID token (OpenID Connect Core 1.0, section 3.1.3.7). Not by the library, which refuses a token when one
//! of the claims about the person has an unexpected shape.

use crate::{
    ClientConfig, claims,
    discovery::Metadata,
    signed_token::{self, SignatureError, SignedToken},
};
use openidconnect::{AccessToken, AccessTokenHash, Nonce};
use serde::{Deserialize, Deserializer, de::Error as _};
use shared::{Audience, Claims};

/// How far the provider's clock and this one may differ.
const SKEW_SECONDS: i64 = 60;
/// An ID token is issued for the response that it comes in. An older one is a replay, or a clock is wrong.
const OLDEST_SECONDS: i64 = 300;
/// What the header may say of an ID token (RFC 7519, section 5.1).
pub(crate) const TYPES: [&str; 2] = ["jwt", "jose"];
/// A subject has at most 255 ASCII characters (section 2).
const LONGEST_SUBJECT: usize = 255;

/// An ID token is refused. The text has no claim's value but a further audience.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// Not a compact JWS, or a claim that decides has another JSON type.
    #[error("not an ID token")]
    Malformed,
    /// No published key verifies the signature.
    #[error("not signed by a key that is known")]
    UnknownKey,
    /// Algorithm or key.
    #[error("signature: {0}")]
    Signature(String),
    /// A header parameter, by its name.
    #[error("the header parameter `{0}` is not allowed")]
    Header(&'static str),
    /// A claim, by its name.
    #[error("`{0}` is missing or wrong")]
    Claim(&'static str),
    /// The ID token is for this client and for another audience, which is not trusted (step 3).
    #[error("`aud` names `{0}` beside this client")]
    FurtherAudience(String),
    /// A replay, or an operator must act.
    #[error("`{0}` does not fit the clock of this machine: compare it with the provider's clock")]
    Clock(&'static str),
}

/// What a verified ID token says.
#[derive(Debug)]
pub struct SignedClaims {
    /// The claims about the person.
    pub claims: Claims,
    /// The provider's session, for back-channel logout.
    pub sid: Option<String>,
    /// The token itself. It is the `id_token_hint` of an end session request.
    pub id_token: String,
}

/// What the `nonce` of an ID token must be.
#[derive(Clone, Copy)]
pub(crate) enum ExpectedNonce<'a> {
    /// That of the authorization request (section 3.1.3.7, step 11).
    Exactly(&'a Nonce),
    /// After a refresh: absent, or that of the previous ID token (section 12.2).
    AbsentOr(Option<&'a Nonce>),
}

impl ExpectedNonce<'_> {
    fn is(self, nonce: Option<&Nonce>) -> bool {
        let given = nonce.map(Nonce::secret);
        match self {
            Self::Exactly(expected) => given == Some(expected.secret()),
            Self::AbsentOr(expected) => given.is_none() || given == expected.map(Nonce::secret),
        }
    }
}

/// The `nonce` of an ID token that was verified earlier.
pub(crate) fn nonce_of(verified: &str) -> Option<Nonce> {
    #[derive(Deserialize)]
    struct Claims {
        nonce: Option<Nonce>,
    }
    let claims = signed_token::claims_of(verified)?;
    serde_json::from_slice::<Claims>(&claims).ok()?.nonce
}

/// The claims that decide whether an ID token is accepted. Their JSON types are those of section 2, and none comes twice.
#[derive(Deserialize)]
struct DecidingClaims {
    iss: String,
    sub: String,
    #[serde(default = "nobody")]
    aud: Audience,
    #[serde(deserialize_with = "numeric_date")]
    exp: i64,
    #[serde(deserialize_with = "numeric_date")]
    iat: i64,
    nonce: Option<Nonce>,
}

/// The other claims.
#[derive(Deserialize)]
struct FurtherClaims {
    #[serde(flatten)]
    person: Claims,
    azp: Option<String>,
    /// A fraction is allowed.
    nbf: Option<f64>,
    sid: Option<String>,
    at_hash: Option<AccessTokenHash>,
}

/// What an ID token is verified against.
pub(crate) struct Expected<'a> {
    pub config: &'a ClientConfig,
    pub metadata: &'a Metadata,
    pub nonce: ExpectedNonce<'a>,
    pub access_token: &'a AccessToken,
    /// Seconds since 1970.
    pub now: i64,
}

impl Expected<'_> {
    pub(crate) fn verify(&self, id_token: &str) -> Result<SignedClaims, IdTokenError> {
        let signed = signed_token::verify(id_token, TYPES, self.config, self.metadata)?;
        // Section 10.1: with several keys the header says which.
        if !signed.ambiguous_keys.is_empty() {
            let keys = crate::visible(&signed.ambiguous_keys.join(", "));
            return Err(IdTokenError::Signature(format!(
                "no `kid`, and several keys fit: {keys}"
            )));
        }
        self.check(&signed_token::read(&signed.claims)?)?;
        let further: FurtherClaims = claims::read(&signed.claims).ok_or(IdTokenError::Malformed)?;
        self.check_further(&further, &signed)?;
        Ok(SignedClaims {
            claims: further.person,
            sid: further.sid,
            id_token: id_token.to_owned(),
        })
    }

    fn check(&self, claims: &DecidingClaims) -> Result<(), IdTokenError> {
        let wrong = |claim| Err(IdTokenError::Claim(claim));
        // Step 2.
        if claims.iss != self.config.issuer.as_str() {
            return wrong("iss");
        }
        // Step 3.
        let client_id = self.config.client_id.as_str();
        let audiences = match &claims.aud {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Several(several) => several,
        };
        if !audiences.iter().any(|audience| audience == client_id) {
            return wrong("aud");
        }
        if let Some(other) = audiences.iter().find(|audience| *audience != client_id) {
            return Err(IdTokenError::FurtherAudience(crate::visible(other)));
        }
        // Steps 9 and 10.
        if claims.exp <= self.now - SKEW_SECONDS {
            return Err(IdTokenError::Clock("exp"));
        }
        let plausible = self.now - OLDEST_SECONDS..=self.now + SKEW_SECONDS;
        if !plausible.contains(&claims.iat) {
            return Err(IdTokenError::Clock("iat"));
        }
        // Step 11.
        if !self.nonce.is(claims.nonce.as_ref()) {
            return wrong("nonce");
        }
        // Section 2. A blank is legal: some subjects are distinguished names.
        let visible = claims.sub.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT || !visible {
            return wrong("sub");
        }
        Ok(())
    }

    fn check_further(
        &self,
        claims: &FurtherClaims,
        signed: &SignedToken<'_>,
    ) -> Result<(), IdTokenError> {
        // Step 5: an authorized party must be this client.
        let client_id = self.config.client_id.as_str();
        if claims.azp.as_ref().is_some_and(|azp| azp != client_id) {
            return Err(IdTokenError::Claim("azp"));
        }
        // RFC 7519, section 4.1.5.
        let latest = f64_of(self.now + SKEW_SECONDS);
        if claims.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(IdTokenError::Clock("nbf"));
        }
        // Section 3.1.3.8: it binds the access token. Logto does not send it, others do.
        let hash = || AccessTokenHash::from_token(self.access_token, &signed.algorithm, signed.key);
        let matches = |given: &AccessTokenHash| hash().is_ok_and(|computed| computed == *given);
        if !claims.at_hash.as_ref().is_none_or(matches) {
            return Err(IdTokenError::Claim("at_hash"));
        }
        Ok(())
    }
}

fn nobody() -> Audience {
    Audience::Several(Vec::new())
}

/// A `NumericDate` without its fraction (RFC 7519, section 2).
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
fn numeric_date<'de, D: Deserializer<'de>>(date: D) -> Result<i64, D::Error> {
    let date = f64::deserialize(date)?;
    let is_possible = (-1e12..1e12).contains(&date);
    is_possible
        .then_some(date as i64)
        .ok_or_else(|| D::Error::custom("beyond all dates"))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds since 1970 are exact in a float for millions of years"
)]
fn f64_of(seconds: i64) -> f64 {
    seconds as f64
}

impl From<SignatureError> for IdTokenError {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Malformed => Self::Malformed,
            SignatureError::UnknownKey => Self::UnknownKey,
            SignatureError::Header("alg") => {
                Self::Signature("its algorithm is not allowed".to_owned())
            }
            SignatureError::Header(name) => Self::Header(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_provider::{CLIENT_ID, ISSUER, NOW, config, header, metadata, signed};
    use serde_json::{Value, json};

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ada", "nonce": "n", "sid": "s",
            "iat": NOW, "exp": NOW + 3_600,
        })
    }

    /// Why this token is refused; nothing when it is accepted.
    fn fault(id_token: &str) -> String {
        let (config, metadata) = (config(), metadata());
        let (nonce, access_token) = (
            Nonce::new("n".to_owned()),
            AccessToken::new("access".to_owned()),
        );
        let expected = Expected {
            config: &config,
            metadata: &metadata,
            nonce: ExpectedNonce::Exactly(&nonce),
            access_token: &access_token,
            now: NOW,
        };
        let refused = expected.verify(id_token).err();
        refused.map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_complete_token_is_accepted() {
        assert_eq!(fault(&signed(&header(), &claims())), "");
    }

    #[test]
    fn each_claim_has_right_and_wrong_values() {
        let not_read = "not an ID token";
        for (name, value, expected) in [
            ("iss", json!("https://other.example/oidc"), "`iss`"),
            ("iss", json!(format!("{ISSUER}/")), "`iss`"),
            ("aud", json!([CLIENT_ID]), ""),
            ("aud", json!("another client"), "`aud`"),
            ("aud", json!([CLIENT_ID, "another client"]), "`aud`"),
            ("aud", json!([]), "`aud`"),
            ("azp", json!(CLIENT_ID), ""),
            ("azp", json!("another client"), "`azp`"),
            ("exp", json!(NOW - 59), ""),
            ("exp", json!(NOW - 61), "`exp`"),
            ("exp", json!("1800003600"), not_read),
            ("iat", json!(NOW - 300), ""),
            ("iat", json!(NOW + 60), ""),
            ("iat", json!(NOW - 301), "`iat`"),
            ("iat", json!(NOW + 61), "`iat`"),
            ("nbf", json!(NOW + 60), ""),
            ("nbf", json!(NOW + 61), "`nbf`"),
            ("nonce", json!("another nonce"), "`nonce`"),
            ("at_hash", json!("SeGOaEgS6QNKbB7vkLM3y8nujeY4Ple3"), ""),
            (
                "at_hash",
                json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                "`at_hash`",
            ),
            ("sub", json!("a".repeat(255)), ""),
            ("sub", json!("a".repeat(256)), "`sub`"),
            ("sub", json!(""), "`sub`"),
            ("sub", json!("CN=Ada Lovelace, OU=Shop"), ""),
            ("sub", json!("ada\tlovelace"), "`sub`"),
            ("sub", json!("ad\u{e1}"), "`sub`"),
            ("sub", json!(7), not_read),
        ] {
            let mut claims = claims();
            claims[name] = value;
            let found = fault(&signed(&header(), &claims));
            assert!(found.starts_with(expected), "{claims}: {found}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{claims}: {found}");
        }
    }

    /// Only what decides is strict.
    #[test]
    fn q41_a_claim_of_an_unexpected_shape_refuses_a_token_only_if_it_decides() {
        let strange = [json!(7), json!({}), json!([7]), json!("\u{0}"), json!(true)];
        for name in ["iss", "aud", "exp", "iat", "nonce", "sub"] {
            for value in &strange {
                let mut claims = claims();
                claims[name] = value.clone();
                assert_ne!(fault(&signed(&header(), &claims)), "", "{claims}");
            }
        }
        for (name, value) in [
            ("sid", json!(5)),
            ("amr", json!("pwd")),
            ("acr", json!(0)),
            ("auth_time", json!("yesterday")),
            ("email_verified", json!("true")),
            ("updated_at", json!("2026-11-22T19:11:41Z")),
            ("address", json!("1 Main St")),
            ("roles", json!("admin")),
            ("locale", json!([])),
            ("azp", json!([])),
            ("nbf", json!("now")),
            ("at_hash", json!(7)),
        ] {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(fault(&signed(&header(), &claims)), "", "{claims}");
        }
    }

    #[test]
    fn q43_an_audience_that_is_not_trusted_is_named() {
        let mut claims = claims();
        claims["aud"] = json!([CLIENT_ID, "271\n8"]);
        let found = fault(&signed(&header(), &claims));
        assert_eq!(found, "`aud` names `271%0A8` beside this client");
    }

    #[test]
    fn a_required_claim_is_there() {
        for (name, expected) in [
            ("iss", "not an ID token"),
            ("aud", "`aud` is missing or wrong"),
            ("exp", "not an ID token"),
            ("iat", "not an ID token"),
            ("sub", "not an ID token"),
            ("nonce", "`nonce` is missing or wrong"),
        ] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(fault(&signed(&header(), &claims)), expected, "{name}");
        }
    }

    #[test]
    fn the_signature_is_one_of_a_published_key_by_a_pinned_algorithm() {
        for (name, value, expected) in [
            ("kid", Value::Null, ""),
            ("typ", json!("JWT"), ""),
            (
                "kid",
                json!("unpublished"),
                "not signed by a key that is known",
            ),
            ("alg", json!("none"), "signature: "),
            ("alg", json!("HS256"), "signature: "),
            ("alg", json!("ES512"), "signature: "),
            ("alg", json!("RS256"), "not signed by a key that is known"),
            ("typ", json!("at+jwt"), "the header parameter `typ`"),
            ("cty", json!("JWT"), "the header parameter `cty`"),
            ("crit", json!(["b64"]), "the header parameter `crit`"),
        ] {
            let mut header = header();
            header[name] = value;
            let found = fault(&signed(&header, &claims()));
            assert!(found.starts_with(expected), "{header}: {found}");
            assert_eq!(found.is_empty(), expected.is_empty(), "{header}: {found}");
        }
        let token = signed(&header(), &claims());
        let (message, _) = token.rsplit_once('.').unwrap();
        for signature in ["", "AAAA", &"A".repeat(128)] {
            let found = fault(&format!("{message}.{signature}"));
            assert_eq!(found, "not signed by a key that is known", "{signature}");
        }
        for no_token in ["", "..", "a.b.c", message] {
            assert_eq!(fault(no_token), "not an ID token", "{no_token}");
        }
    }

    #[test]
    fn after_a_refresh_the_nonce_is_absent_or_the_previous_one() {
        let [previous, other] = ["n", "m"].map(|text| Nonce::new(text.to_owned()));
        for (expected, given, is_right) in [
            (Some(&previous), None, true),
            (Some(&previous), Some(&previous), true),
            (Some(&previous), Some(&other), false),
            (None, None, true),
            (None, Some(&other), false),
        ] {
            assert_eq!(ExpectedNonce::AbsentOr(expected).is(given), is_right);
        }
        assert!(!ExpectedNonce::Exactly(&previous).is(None));
        let token = signed(&header(), &claims());
        assert_eq!(nonce_of(&token).unwrap().secret(), "n");
        assert!(nonce_of("a.b.c").is_none());
    }
}
