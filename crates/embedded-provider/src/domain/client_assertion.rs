//! `client_secret_jwt`: a client proves itself by a JSON Web Token that it signs with its secret (RFC 7523, section 3;
//! OpenID Connect Core 1.0, section 9).

use crate::domain::{application::Application, oidc_error::OidcError, parameters::Parameters};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};
use shared::Audience;

/// The name of the algorithm in the discovery document.
pub(crate) const ALGORITHM: &str = "HS256";
/// The value of `client_assertion_type`.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion whose signature and claims are not verified yet.
pub(crate) struct UnverifiedAssertion<'a> {
    /// `sub`, the client's id.
    pub(crate) client_id: String,
    signed: &'a str,
    signature: &'a str,
    claims: UnverifiedClaims,
}

#[derive(Deserialize)]
struct UnverifiedClaims {
    #[serde(default)]
    sub: String,
    #[serde(default)]
    iss: String,
    #[serde(default)]
    jti: String,
    aud: Option<Audience>,
    exp: Option<i64>,
    nbf: Option<i64>,
}

/// What the caller must still check: that the assertion is used once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct VerifiedAssertion {
    pub(crate) jti: String,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
}

impl<'a> UnverifiedAssertion<'a> {
    /// Reads the form of a request that has a `client_assertion`.
    pub(crate) fn from_form(form: &'a Parameters) -> Result<Self, OidcError> {
        if form.has("client_secret") {
            return Err(OidcError::invalid_request(
                "client authentication must only be provided using one mechanism",
            ));
        }
        let kind = form
            .optional("client_assertion_type")?
            .ok_or(OidcError::InvalidRequest(
                "client_assertion_type must be provided".into(),
            ))?;
        if kind != TYPE {
            return Err(OidcError::invalid_request(format!(
                "client_assertion_type must have value {TYPE}"
            )));
        }
        let assertion = form.required("client_assertion")?;
        let (signed, signature) = assertion.rsplit_once('.').ok_or(MALFORMED)?;
        let (_, claims) = signed.split_once('.').ok_or(MALFORMED)?;
        let claims: UnverifiedClaims = decode(claims).ok_or(MALFORMED)?;
        if let Some(client_id) = form.optional("client_id")?
            && client_id != claims.sub
        {
            return Err(OidcError::invalid_request("client_id mismatch"));
        }
        Ok(Self {
            client_id: claims.sub.clone(),
            signed,
            signature,
            claims,
        })
    }

    /// Verifies the signature with the client's secret, and the claims. `audiences` are the names of this provider.
    pub(crate) fn verify(
        self,
        application: &Application,
        audiences: &[&str],
        now: i64,
    ) -> Result<VerifiedAssertion, OidcError> {
        self.verified(application, audiences, now)
            .ok_or(OidcError::ClientAuthenticationFailed)
    }

    fn verified(
        self,
        application: &Application,
        audiences: &[&str],
        now: i64,
    ) -> Option<VerifiedAssertion> {
        #[derive(Deserialize)]
        struct Header {
            alg: String,
        }
        let (header, _) = self.signed.split_once('.')?;
        let header: Header = decode(header)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(self.signature).ok()?;
        let claims = self.claims;
        let is_for_us = match claims.aud? {
            Audience::One(name) => audiences.contains(&name.as_str()),
            Audience::Several(names) => names.iter().any(|name| audiences.contains(&name.as_str())),
        };
        let expires_at = claims.exp?;
        let is_valid = header.alg == ALGORITHM
            && application.signed(self.signed.as_bytes(), &signature, now)
            && claims.iss == application.id
            && is_for_us
            && !claims.jti.is_empty()
            && expires_at > now
            && claims.nbf.is_none_or(|nbf| nbf <= now);
        is_valid.then_some(VerifiedAssertion {
            jti: claims.jti,
            expires_at,
        })
    }
}

const MALFORMED: OidcError = OidcError::InvalidRequest(std::borrow::Cow::Borrowed(
    "invalid client_assertion format",
));

fn decode<Part: DeserializeOwned>(part: &str) -> Option<Part> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}
