//! Verification of an ID token (OpenID Connect Core 1.0, section 3.1.3.7): the library's checks with pinned algorithms, and
//! the claims that it does not read.

use crate::ClientConfig;
use crate::discovery::Metadata;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, IdTokenVerifier, Nonce, NonceVerifier,
    SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey},
};
use serde::Deserialize;
use shared::Claims;

/// How far the provider's clock and this one may differ.
const SKEW_SECONDS: i64 = 60;
/// An ID token is issued for the response that it comes in. An older one is a replay, or a clock is wrong.
const OLDEST_SECONDS: i64 = 300;
/// A subject has at most 255 ASCII characters (section 2).
const LONGEST_SUBJECT: usize = 255;

/// An ID token is refused. The text has no claim's value.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// No published key verifies the signature.
    #[error("not signed by a key that is known")]
    UnknownKey,
    /// Algorithm or signature.
    #[error("{0}")]
    Verification(String),
    /// A claim, by its name.
    #[error("`{0}` is missing or wrong")]
    Claim(&'static str),
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

impl NonceVerifier for ExpectedNonce<'_> {
    fn verify(self, nonce: Option<&Nonce>) -> Result<(), String> {
        let given = nonce.map(Nonce::secret);
        let right = match self {
            Self::Exactly(expected) => given == Some(expected.secret()),
            Self::AbsentOr(expected) => given.is_none() || given == expected.map(Nonce::secret),
        };
        right
            .then_some(())
            .ok_or_else(|| "another nonce".to_owned())
    }
}

/// The `nonce` of an ID token that was verified earlier.
pub(crate) fn nonce_of(verified: &str) -> Option<Nonce> {
    #[derive(Deserialize)]
    struct Claims {
        nonce: Option<Nonce>,
    }
    payload::<Claims>(verified).ok()?.nonce
}

/// Claims of the protocol that the library does not read.
#[derive(Deserialize)]
struct ProtocolClaims {
    azp: Option<String>,
    /// A fraction is allowed.
    nbf: Option<f64>,
    sid: Option<String>,
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
    pub(crate) fn verify(&self, id_token: &CoreIdToken) -> Result<SignedClaims, IdTokenError> {
        let verifier = self.verifier();
        let signed = id_token
            .claims(&verifier, self.nonce)
            .map_err(IdTokenError::from)?;
        if let Some(hash) = signed.access_token_hash() {
            self.check_access_token_hash(hash, id_token, &verifier)?;
        }
        // The signature covers the payload, so these types may read it again.
        let raw = id_token.to_string();
        let protocol: ProtocolClaims = payload(&raw)?;
        let claims: Claims = payload(&raw)?;
        self.check(&protocol, &claims)?;
        Ok(SignedClaims {
            claims,
            sid: protocol.sid,
            id_token: raw,
        })
    }

    fn verifier(&self) -> CoreIdTokenVerifier<'static> {
        let earliest = time_of(self.now - SKEW_SECONDS);
        IdTokenVerifier::new_confidential_client(
            self.config.client_id.clone(),
            self.config.client_secret.clone(),
            self.config.issuer.clone(),
            self.metadata.jwks().clone(),
        )
        .set_allowed_algs(self.config.id_token_algorithms.clone())
        .set_time_fn(move || earliest)
    }

    /// `at_hash` binds the access token (section 3.1.3.8). Logto does not send it, others do.
    fn check_access_token_hash(
        &self,
        hash: &AccessTokenHash,
        id_token: &CoreIdToken,
        verifier: &CoreIdTokenVerifier<'_>,
    ) -> Result<(), IdTokenError> {
        let wrong = |_| IdTokenError::Claim("at_hash");
        let algorithm = id_token.signing_alg().map_err(wrong)?;
        let key: &CoreJsonWebKey = id_token.signing_key(verifier).map_err(wrong)?;
        let computed = AccessTokenHash::from_token(self.access_token, algorithm, key)
            .map_err(|_| IdTokenError::Claim("at_hash"))?;
        (computed == *hash)
            .then_some(())
            .ok_or(IdTokenError::Claim("at_hash"))
    }

    fn check(&self, protocol: &ProtocolClaims, claims: &Claims) -> Result<(), IdTokenError> {
        // Step 5: an authorized party must be this client.
        if protocol
            .azp
            .as_ref()
            .is_some_and(|azp| azp != self.config.client_id.as_str())
        {
            return Err(IdTokenError::Claim("azp"));
        }
        // RFC 7519, section 4.1.5.
        let latest = f64_of(self.now + SKEW_SECONDS);
        if protocol.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(IdTokenError::Clock("nbf"));
        }
        // Step 10.
        let plausible = self.now - OLDEST_SECONDS..=self.now + SKEW_SECONDS;
        if !claims.iat.is_some_and(|iat| plausible.contains(&iat)) {
            return Err(IdTokenError::Clock("iat"));
        }
        let visible = claims.sub.bytes().all(|byte| byte.is_ascii_graphic());
        if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT || !visible {
            return Err(IdTokenError::Claim("sub"));
        }
        Ok(())
    }
}

/// The middle part of a compact JWS (RFC 7515, section 3.1) whose signature was verified.
fn payload<T: serde::de::DeserializeOwned>(signed: &str) -> Result<T, IdTokenError> {
    let decoded = signed
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    decoded
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or(IdTokenError::Claim("payload"))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds since 1970 are exact in a float for millions of years"
)]
fn f64_of(seconds: i64) -> f64 {
    seconds as f64
}

fn time_of(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

impl From<ClaimsVerificationError> for IdTokenError {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            // A wrong signature may be that of a new key under an old key's id.
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
                | SignatureVerificationError::CryptoError(_),
            ) => Self::UnknownKey,
            ClaimsVerificationError::SignatureVerification(cause) => {
                Self::Verification(format!("signature: {cause}"))
            }
            // The library's text repeats the claim's value; the claim's name is enough for an operator.
            ClaimsVerificationError::Expired(_) => Self::Clock("exp"),
            ClaimsVerificationError::InvalidAudience(_) => Self::Claim("aud"),
            ClaimsVerificationError::InvalidIssuer(_) => Self::Claim("iss"),
            ClaimsVerificationError::InvalidNonce(_) => Self::Claim("nonce"),
            _ => Self::Verification("refused by the verifier".to_owned()),
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
        let Ok(id_token) = id_token.parse() else {
            return "not an ID token".to_owned();
        };
        let refused = expected.verify(&id_token).err();
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
            ("sub", json!("ada lovelace"), "`sub`"),
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
            ("typ", json!("at+jwt"), "refused by the verifier"),
            ("crit", json!(["b64"]), "refused by the verifier"),
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
            let verified = ExpectedNonce::AbsentOr(expected).verify(given);
            assert_eq!(verified.is_ok(), is_right);
        }
        assert!(ExpectedNonce::Exactly(&previous).verify(None).is_err());
        let token = signed(&header(), &claims());
        assert_eq!(nonce_of(&token).unwrap().secret(), "n");
        assert!(nonce_of("a.b.c").is_none());
    }
}
