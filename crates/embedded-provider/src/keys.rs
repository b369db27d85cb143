//! The signing key (ES384). It is generated at the first start and stored in the database. Only its public part is
//! published.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p384::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The name of the algorithm in the discovery document.
pub(crate) const ALGORITHM: &str = "ES384";

/// The public key as a JSON Web Key (RFC 7517). The type has no field for the private part.
#[derive(Serialize)]
pub(crate) struct PublicJwk {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    kid: String,
    alg: &'static str,
    crv: &'static str,
    x: String,
    y: String,
}

/// Signs tokens, and verifies ID tokens that come back as hints and access tokens for the Management API.
pub(crate) struct Keys {
    signing: SigningKey,
    public: PublicJwk,
}

/// The bytes are not a valid key.
#[derive(Debug, thiserror::Error)]
#[error("the signing key in the database is damaged")]
pub struct DamagedKeyError;

/// Why a token cannot be verified.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum VerifyError {
    /// It is not a JSON Web Token.
    Undecodable,
    /// It names another algorithm, key or type, or its signature is wrong.
    NotOurs,
}

impl Keys {
    /// Generates a private key, as bytes for the store.
    pub(crate) fn generate() -> Vec<u8> {
        loop {
            let candidate = rand::random::<[u8; 48]>();
            // Only about one candidate in 2^190 is not a key of P-384.
            if SigningKey::from_slice(&candidate).is_ok() {
                return candidate.to_vec();
            }
        }
    }

    /// Loads a key that [`Keys::generate`] returned.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, DamagedKeyError> {
        let signing = SigningKey::from_slice(bytes).map_err(|_| DamagedKeyError)?;
        let public = public_jwk(signing.verifying_key()).ok_or(DamagedKeyError)?;
        Ok(Self { signing, public })
    }

    pub(crate) const fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// Signs an ID token.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> serde_json::Result<String> {
        self.sign_with(&json!({"alg": ALGORITHM, "kid": self.public.kid}), claims)
    }

    /// Signs a token of another type, which its header names (RFC 8725, section 3.11).
    pub(crate) fn sign_typed(
        &self,
        typ: &str,
        claims: &impl Serialize,
    ) -> serde_json::Result<String> {
        self.sign_with(
            &json!({"alg": ALGORITHM, "typ": typ, "kid": self.public.kid}),
            claims,
        )
    }

    /// A compact JSON Web Signature (RFC 7515, section 3.1).
    fn sign_with(&self, header: &Value, claims: &impl Serialize) -> serde_json::Result<String> {
        let signed = format!("{}.{}", encode(header)?, encode(claims)?);
        let signature: Signature = self.signing.sign(signed.as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    /// The claims of an ID token that this key signed. Expiry is not checked.
    pub(crate) fn verify<Claims: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<Claims, VerifyError> {
        self.verify_with(None, token)
    }

    /// The claims of a token of another type that this key signed. Expiry is not checked.
    pub(crate) fn verify_typed<Claims: DeserializeOwned>(
        &self,
        typ: &str,
        token: &str,
    ) -> Result<Claims, VerifyError> {
        self.verify_with(Some(typ), token)
    }

    fn verify_with<Claims: DeserializeOwned>(
        &self,
        typ: Option<&str>,
        token: &str,
    ) -> Result<Claims, VerifyError> {
        let (signed, unverified_signature) =
            token.rsplit_once('.').ok_or(VerifyError::Undecodable)?;
        let (header, claims) = signed.split_once('.').ok_or(VerifyError::Undecodable)?;
        let unverified_header: Value = decode(header)?;
        let unverified_claims: Claims = decode(claims)?;
        // The header cannot choose the algorithm: it must name ours.
        if unverified_header["alg"] != ALGORITHM
            || unverified_header["kid"] != self.public.kid
            || unverified_header.get("typ").map(Value::as_str) != typ.map(Some)
        {
            return Err(VerifyError::NotOurs);
        }
        let signature = BASE64_URL_SAFE_NO_PAD
            .decode(unverified_signature)
            .ok()
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .ok_or(VerifyError::NotOurs)?;
        self.signing
            .verifying_key()
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| VerifyError::NotOurs)?;
        Ok(unverified_claims)
    }
}

fn encode(part: &impl Serialize) -> serde_json::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}

fn decode<Part: DeserializeOwned>(part: &str) -> Result<Part, VerifyError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(part)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or(VerifyError::Undecodable)
}

fn public_jwk(key: &VerifyingKey) -> Option<PublicJwk> {
    let point = key.to_sec1_point(false);
    let x = BASE64_URL_SAFE_NO_PAD.encode(point.x()?);
    let y = BASE64_URL_SAFE_NO_PAD.encode(point.y()?);
    // RFC 7638, section 3: the required members in alphabetical order, without whitespace.
    let members = format!(r#"{{"crv":"P-384","kty":"EC","x":"{x}","y":"{y}"}}"#);
    Some(PublicJwk {
        kty: "EC",
        usage: "sig",
        kid: BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(members)),
        alg: ALGORITHM,
        crv: "P-384",
        x,
        y,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_bytes(&Keys::generate()).unwrap()
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does() {
        let keys = keys();
        let token = keys.sign(&json!({"sub": "a"})).unwrap();
        assert_eq!(keys.verify::<Value>(&token), Ok(json!({"sub": "a"})));

        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!("three parts")
        };
        let forged = encode(&json!({"sub": "b"})).unwrap();
        let none = encode(&json!({"alg": "none", "kid": keys.public.kid})).unwrap();
        let stranger = keys_of_somebody_else_for(&keys, claims);
        let cases = [
            (
                format!("{header}.{forged}.{signature}"),
                VerifyError::NotOurs,
            ),
            (format!("{none}.{claims}."), VerifyError::NotOurs),
            (format!("{none}.{claims}.{signature}"), VerifyError::NotOurs),
            (
                format!("{header}.{claims}.{}", &signature[1..]),
                VerifyError::NotOurs,
            ),
            (format!("{header}.{claims}."), VerifyError::NotOurs),
            (stranger, VerifyError::NotOurs),
            (
                keys.sign_typed("logout+jwt", &json!({"sub": "a"})).unwrap(),
                VerifyError::NotOurs,
            ),
            ("garbage".to_owned(), VerifyError::Undecodable),
            ("a.b.c".to_owned(), VerifyError::Undecodable),
            (String::new(), VerifyError::Undecodable),
        ];
        for (token, error) in cases {
            assert_eq!(keys.verify::<Value>(&token), Err(error), "{token}");
        }
    }

    /// Another key that claims our `kid`.
    fn keys_of_somebody_else_for(ours: &Keys, claims: &str) -> String {
        let theirs = keys();
        let header = encode(&json!({"alg": ALGORITHM, "kid": ours.public.kid})).unwrap();
        let signed = format!("{header}.{claims}");
        let signature: Signature = theirs.signing.sign(signed.as_bytes());
        format!(
            "{signed}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())
        )
    }

    #[test]
    fn the_key_id_is_the_thumbprint_and_nothing_private_is_published() {
        let jwk = serde_json::to_value(keys().public()).unwrap();
        let mut names: Vec<&String> = jwk.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert_eq!(jwk["kid"].as_str().unwrap().len(), 43);
    }

    #[test]
    fn the_thumbprint_is_that_of_a_known_key() {
        // A public key and the id that Logto gave it.
        let bytes = [
            "a1VEWDbfjrGFyWEVdB4rQ7reV0ZTrV_RlK2nxbMAC-tky6tWNK9Ejt1Yb9auW2ge",
            "76J_XGS9teFJohR4vT10PpFQpNuP9tyzYST5SAtYvf2LzwmYiPO_w2CcjGX9MIDH",
        ]
        .map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap())
        .concat();
        let key = VerifyingKey::from_sec1_bytes(&[vec![4], bytes].concat()).unwrap();
        assert_eq!(
            public_jwk(&key).unwrap().kid,
            "IywXbxTabwjBXG8T6djgHjWR_Gfp0hyfWSbbvu7TouY"
        );
    }

    #[test]
    fn a_damaged_key_is_refused() {
        assert!(Keys::from_bytes(&[0; 48]).is_err());
        assert!(Keys::from_bytes(b"short").is_err());
    }
}
