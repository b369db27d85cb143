//! Signature V3, `ACS3-HMAC-SHA256` (Alibaba Cloud, "V3 request structure and signature").

use super::{Pair, canonical_query};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The name of the algorithm, which begins the string to sign and the header `Authorization`.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The signed parts of a request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, `/` for every action in RPC style.
    pub path: &'a str,
    /// The parameters of the query, decoded, in any order.
    pub query: &'a [Pair<'a>],
    /// The headers to sign, in any order and case. A header with several values occurs several times.
    pub headers: &'a [Pair<'a>],
    /// The SHA-256 of the body in hexadecimal, as in `x-acs-content-sha256`.
    pub content_sha256: &'a str,
}

impl Request<'_> {
    /// The canonical request (step 1).
    #[must_use]
    pub fn canonical(&self) -> String {
        let headers = self.canonical_headers();
        let lines: String = headers
            .iter()
            .flat_map(|(name, value)| [name, ":", value, "\n"])
            .collect();
        [
            self.method,
            self.path,
            &canonical_query(self.query),
            &lines,
            &names(&headers),
            self.content_sha256,
        ]
        .join("\n")
    }

    /// The names of the signed headers, sorted, as in `Authorization`.
    #[must_use]
    pub fn signed_headers(&self) -> String {
        names(&self.canonical_headers())
    }

    /// The header `Authorization` (step 4).
    #[must_use]
    pub fn authorization(&self, access_key_id: &str, secret: &SecretString) -> String {
        let signature = sign(secret, &string_to_sign(&self.canonical()));
        let signed_headers = self.signed_headers();
        format!(
            "{ALGORITHM} Credential={access_key_id},SignedHeaders={signed_headers},Signature={signature}"
        )
    }

    /// The headers with lower-case names, sorted by name. The values of one name are trimmed, sorted and joined with
    /// commas.
    fn canonical_headers(&self) -> Vec<(String, String)> {
        let mut sorted: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        sorted.sort_unstable();
        sorted
            .chunk_by(|(left, _), (right, _)| left == right)
            .map(|same| {
                let values: Vec<_> = same.iter().map(|(_, value)| *value).collect();
                (same[0].0.clone(), values.join(","))
            })
            .collect()
    }
}

/// The string to sign (step 2).
#[must_use]
pub fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", sha256_hex(canonical_request.as_bytes()))
}

/// The signature (step 3). The key is the plain secret.
#[must_use]
pub fn sign(secret: &SecretString, string_to_sign: &str) -> String {
    hex::encode(mac(secret, string_to_sign).finalize().into_bytes())
}

/// Whether `signature` is the signature of `string_to_sign`. Compares in constant time.
#[must_use]
pub fn verify(secret: &SecretString, string_to_sign: &str, signature: &str) -> bool {
    hex::decode(signature)
        .is_ok_and(|bytes| mac(secret, string_to_sign).verify_slice(&bytes).is_ok())
}

/// The SHA-256 of a body in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn mac(secret: &SecretString, text: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length")
        .chain_update(text)
}

fn names(headers: &[(String, String)]) -> String {
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    names.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_values_of_a_header_are_trimmed_sorted_and_joined() {
        let request = Request {
            method: "POST",
            path: "/",
            query: &[],
            headers: &[("X-Acs-B", " 2 "), ("host", "h"), ("x-acs-b", "1")],
            content_sha256: "00",
        };
        assert_eq!(
            request.canonical(),
            "POST\n/\n\nhost:h\nx-acs-b:1,2\n\nhost;x-acs-b\n00"
        );
    }

    #[test]
    fn a_signature_is_verified_whatever_its_case_and_nothing_else_is() {
        let secret = SecretString::from("secret");
        let signature = sign(&secret, "text");
        assert!(verify(&secret, "text", &signature));
        assert!(verify(&secret, "text", &signature.to_uppercase()));
        for wrong in ["", "zz", &signature[2..], &"0".repeat(64)] {
            assert!(!verify(&secret, "text", wrong), "{wrong}");
        }
        assert!(!verify(&SecretString::from("other"), "text", &signature));
    }
}
