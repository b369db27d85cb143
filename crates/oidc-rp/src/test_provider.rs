//! A provider whose key the tests sign with.

use crate::{ClientConfig, Metadata};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKeySet, core::CoreJsonWebKey};
use p384::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://logto.example/oidc";
pub(crate) const CLIENT_ID: &str = "bookstore";
/// Seconds since 1970.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn config() -> ClientConfig {
    ClientConfig::new(ISSUER, CLIENT_ID, "secret", "https://app.example/callback").unwrap()
}

/// The metadata, with the public key.
pub(crate) fn metadata() -> Metadata {
    let metadata: Metadata = serde_json::from_value(json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/auth"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES384"],
    }))
    .unwrap();
    let point = key().verifying_key().to_sec1_point(false);
    let public = json!({
        "kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": "published",
        "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()), "y": URL_SAFE_NO_PAD.encode(point.y().unwrap()),
    });
    // From text: the library reads its keys from nothing else.
    let public: CoreJsonWebKey = serde_json::from_str(&public.to_string()).unwrap();
    metadata.set_jwks(JsonWebKeySet::new(vec![public]))
}

/// The header of [`signed`] tokens.
pub(crate) fn header() -> Value {
    json!({"alg": "ES384", "kid": "published"})
}

/// A compact JWS (RFC 7515) by the published key.
pub(crate) fn signed(header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let signature: Signature = key().sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 48]).unwrap()
}
