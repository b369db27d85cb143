//! The ID token (OpenID Connect Core 1.0, section 2) with exactly the claims that Logto sends: no `at_hash`, and
//! `auth_time` only when the request requires it.

use crate::domain::claims::PersonClaims;
use serde::{Deserialize, Serialize};

/// The claims to sign.
#[derive(Serialize)]
pub(crate) struct IdTokenClaims<'a> {
    #[serde(flatten)]
    pub(crate) person: PersonClaims,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sid: Option<&'a str>,
    pub(crate) aud: &'a str,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) iss: &'a str,
}

/// The claims of an `id_token_hint`. The caller verifies the signature before it creates this value. Expiry does not
/// matter (OpenID Connect RP-Initiated Logout 1.0, section 4).
#[derive(Deserialize)]
pub(crate) struct HintClaims {
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) iss: String,
}
