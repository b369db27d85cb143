//! Signature V1: `HMAC-SHA1` over the parameters (`SignatureVersion` 1.0, which Alibaba Cloud also calls "signature
//! method V2, RPC style").

use super::{Pair, canonical_query, percent_encode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

/// The value of the parameter `SignatureMethod`.
pub const METHOD: &str = "HMAC-SHA1";
/// The value of the parameter `SignatureVersion`.
pub const VERSION: &str = "1.0";

/// The string to sign: every parameter of the query and of a form, except `Signature`. Headers are not signed.
#[must_use]
pub fn string_to_sign(method: &str, parameters: &[Pair<'_>]) -> String {
    let signed: Vec<_> = parameters
        .iter()
        .copied()
        .filter(|(name, _)| *name != "Signature")
        .collect();
    let canonical = percent_encode(&canonical_query(&signed));
    format!("{method}&%2F&{canonical}")
}

/// The signature. The key is the secret followed by `&`.
#[must_use]
pub fn sign(secret: &SecretString, string_to_sign: &str) -> String {
    STANDARD.encode(mac(secret, string_to_sign).finalize().into_bytes())
}

/// Whether `signature` is the signature of `string_to_sign`. Compares in constant time.
#[must_use]
pub fn verify(secret: &SecretString, string_to_sign: &str, signature: &str) -> bool {
    STANDARD
        .decode(signature)
        .is_ok_and(|bytes| mac(secret, string_to_sign).verify_slice(&bytes).is_ok())
}

fn mac(secret: &SecretString, text: &str) -> Hmac<Sha1> {
    let key: SecretString = format!("{}&", secret.expose_secret()).into();
    Hmac::<Sha1>::new_from_slice(key.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length")
        .chain_update(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_encoded_twice_and_the_signature_is_no_part_of_it() {
        let parameters = [("b", "1 2"), ("a", "~*"), ("Signature", "x")];
        assert_eq!(
            string_to_sign("POST", &parameters),
            "POST&%2F&a%3D~%252A%26b%3D1%25202"
        );
    }

    #[test]
    fn a_signature_is_verified_and_nothing_else_is() {
        let secret = SecretString::from("testsecret");
        // printf text | openssl dgst -sha1 -hmac 'testsecret&' -binary | base64
        let signature = "krvyDQOygn+hUulaHr5wCGbmAX0=";
        assert_eq!(sign(&secret, "text"), signature);
        assert!(verify(&secret, "text", signature));
        for wrong in ["", "?", &signature[4..], "AAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            assert!(!verify(&secret, "text", wrong), "{wrong}");
        }
        assert!(!verify(&SecretString::from("other"), "text", signature));
        assert!(!verify(&secret, "other", signature));
    }
}
