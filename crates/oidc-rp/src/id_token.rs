//! Verification of an ID token: the library's checks (OpenID Connect Core 1.0, section 3.1.3.7) with our
//! policy on top, because the library takes the algorithms from discovery and leaves several claims unread.

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

/// How far the provider's clock and ours may differ.
const SKEW_SECONDS: i64 = 60;
/// An ID token is issued for the answer that it comes in; one that was issued so long ago is a replay, or a clock is wrong.
const OLDEST_SECONDS: i64 = 300;
/// A subject has at most 255 ASCII characters (section 2).
const LONGEST_SUBJECT: usize = 255;

/// Why an ID token is refused. The text has no claim's value.
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

/// What an ID token says once it is verified.
#[derive(Debug)]
pub struct SignedClaims {
    /// The claims about the person.
    pub claims: Claims,
    /// The provider's session, for back-channel logout.
    pub sid: Option<String>,
    /// The token itself, as it came.
    pub id_token: String,
}

/// What the `nonce` of an ID token has to be.
#[derive(Clone, Copy)]
pub(crate) enum ExpectedNonce<'a> {
    /// That of the authorization request (section 3.1.3.7, step 11).
    Exactly(&'a Nonce),
    /// After a refresh: none, or that of the ID token before (section 12.2).
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

/// The `nonce` of an ID token that was verified before.
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
        // The signature covers the payload, so it may be read a second time into types of our own.
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

    /// `at_hash` binds the access token (section 3.1.3.8); Logto sends none, others do.
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
        // Section 3.1.3.7, step 5: an authorized party must be us.
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
        // Section 3.1.3.7, step 10.
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
            // The library's words repeat the claim's value; the name of the claim is enough for an operator.
            ClaimsVerificationError::Expired(_) => Self::Clock("exp"),
            ClaimsVerificationError::InvalidAudience(_) => Self::Claim("aud"),
            ClaimsVerificationError::InvalidIssuer(_) => Self::Claim("iss"),
            ClaimsVerificationError::InvalidNonce(_) => Self::Claim("nonce"),
            _ => Self::Verification("refused by the verifier".to_owned()),
        }
    }
}
