//! ES384, the algorithm of Logto's default key (RFC 7518, section 3.4).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p384::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};

/// As long as a thumbprint (RFC 7638).
const KID: &str = "the-only-key-of-the-instant-provider-so-far";

/// A key pair.
pub(super) struct Key(SigningKey);

impl Key {
    pub(super) fn random() -> Self {
        loop {
            // Of these numbers next to none is no key.
            if let Ok(key) = SigningKey::from_slice(&rand::random::<[u8; 48]>()) {
                return Self(key);
            }
        }
    }

    /// The public key as a JWK (RFC 7517).
    pub(super) fn jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let coordinates = point.as_bytes().get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        json!({
            "kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": KID,
            "x": encode(x), "y": encode(y)
        })
    }

    /// A JWS in compact form.
    pub(super) fn sign(&self, typ: &str, claims: &Value) -> String {
        let header = json!({"alg": "ES384", "kid": KID, "typ": typ});
        let text = [header.to_string(), claims.to_string()]
            .map(encode)
            .join(".");
        let signature: Signature = self.0.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.to_bytes()))
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
