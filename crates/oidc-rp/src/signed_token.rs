//! A compact JWS of JSON claims (RFC 7515, RFC 7519): what ID tokens and logout tokens have in common.

use crate::{ClientConfig, discovery::Metadata};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey, SignatureVerificationError,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};

/// Why a token is refused: none of its claims may be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignatureError {
    /// Not a compact JWS of JSON objects.
    Malformed,
    /// A header parameter, by its name.
    Header(&'static str),
    /// No published key verifies the signature.
    UnknownKey,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, rename = "cty", deserialize_with = "present")]
    has_cty: bool,
    #[serde(default, rename = "crit", deserialize_with = "present")]
    has_crit: bool,
}

/// A token whose signature is verified.
pub(crate) struct SignedToken<'a> {
    /// The claims' JSON.
    pub(crate) claims: Vec<u8>,
    pub(crate) algorithm: CoreJwsSigningAlgorithm,
    pub(crate) key: &'a CoreJsonWebKey,
    /// Names of the keys that fit, when the token has no `kid` and there are several.
    pub(crate) ambiguous_keys: Vec<String>,
}

/// Verifies header and signature: a pinned algorithm, one of the provider's keys, and one of these types. `typ` may be absent,
/// because not every provider sends it.
pub(crate) fn verify<'a>(
    token: &str,
    types: [&str; 2],
    config: &ClientConfig,
    metadata: &'a Metadata,
) -> Result<SignedToken<'a>, SignatureError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(SignatureError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(SignatureError::Malformed)?;
    let header: Header = read(&decode(header)?)?;
    let claims = decode(claims)?;
    let signature = decode(signature)?;
    if !config.id_token_algorithms.contains(&header.alg) {
        return Err(SignatureError::Header("alg"));
    }
    // RFC 7515, section 4.1.9: the prefix may be left out.
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    let typ = typ
        .as_deref()
        .map(|typ| typ.trim_start_matches("application/"));
    if typ.is_some_and(|typ| !types.contains(&typ)) {
        return Err(SignatureError::Header("typ"));
    }
    if header.has_cty {
        return Err(SignatureError::Header("cty"));
    }
    // RFC 7515, section 4.1.11: an unknown extension must be refused.
    if header.has_crit {
        return Err(SignatureError::Header("crit"));
    }
    let id_of = |key: &CoreJsonWebKey| key.key_id().map(|id| id.as_str().to_owned());
    let keys = metadata.jwks().keys().iter();
    let verify =
        |key: &CoreJsonWebKey| key.verify_signature(&header.alg, signed.as_bytes(), &signature);
    let tried: Vec<_> = keys
        .filter(|key| header.kid.is_none() || header.kid == id_of(key))
        .map(|key| (key, verify(key)))
        .filter(|(_, verified)| !matches!(verified, Err(SignatureVerificationError::InvalidKey(_))))
        .collect();
    // The provider may have given a new key an old key's id.
    let verified = tried.iter().find(|(_, verified)| verified.is_ok());
    let (key, _) = verified.ok_or(SignatureError::UnknownKey)?;
    let without_id = || "one without an id".to_owned();
    let ids = tried
        .iter()
        .map(|(key, _)| id_of(key).unwrap_or_else(without_id));
    let is_ambiguous = header.kid.is_none() && tried.len() > 1;
    Ok(SignedToken {
        claims,
        key,
        ambiguous_keys: ids.filter(|_| is_ambiguous).collect(),
        algorithm: header.alg,
    })
}

fn decode(part: &str) -> Result<Vec<u8>, SignatureError> {
    let decoded = URL_SAFE_NO_PAD.decode(part);
    decoded.map_err(|_| SignatureError::Malformed)
}

/// Reads a JSON object. serde alone would accept a list of the members' values, too.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, SignatureError> {
    let object = json.trim_ascii_start().starts_with(b"{").then_some(json);
    let members = object.and_then(|json| serde_json::from_slice(json).ok());
    members.ok_or(SignatureError::Malformed)
}

/// The claims' JSON of a token that was verified earlier.
pub(crate) fn claims_of(verified: &str) -> Option<Vec<u8>> {
    decode(verified.split('.').nth(1)?).ok()
}

/// For a member that must be absent. One that is `null` is present.
pub(crate) fn present<'de, D: Deserializer<'de>>(member: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(member).map(|_| true)
}
