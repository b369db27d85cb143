//! What signs tokens, and the keys that the provider publishes: several of several kinds, so that a relying
//! party must choose well.

use crate::CLIENT_SECRET;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    PrivateSigningKey,
    core::{CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use p384::ecdsa::signature::Signer as _;
use serde_json::{Value, json};
use std::sync::LazyLock;

static RSA: LazyLock<CoreRsaPrivateSigningKey> =
    LazyLock::new(|| rsa(include_str!("keys/rsa.pem")));
/// Those of [`Signer::Published`], [`Signer::Successor`] and [`Signer::Stranger`].
static P384: LazyLock<[p384::ecdsa::SigningKey; 3]> = LazyLock::new(|| {
    [7, 8, 9].map(|byte| p384::ecdsa::SigningKey::from_slice(&[byte; 48]).unwrap())
});
static SECOND_RSA: LazyLock<CoreRsaPrivateSigningKey> =
    LazyLock::new(|| rsa(include_str!("keys/rsa-second.pem")));

/// What signs a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// The ES384 key that the set publishes.
    Published,
    /// An ES384 key that comes after the published one.
    Successor,
    /// An ES384 key of somebody else, under the published key's id.
    Stranger,
    /// The RS256 key that the set publishes.
    Rsa,
    /// Another RS256 key that the set publishes.
    SecondRsa,
    /// The ES256 key that the set publishes, though nobody pinned ES256.
    P256,
    /// HMAC with the client secret.
    ClientSecret,
    /// Nothing: `alg` is none.
    Nobody,
}

impl Signer {
    /// The header of a token with this signature.
    pub(crate) fn header(self) -> Value {
        match self {
            Self::ClientSecret | Self::Nobody => json!({"alg": self.alg()}),
            _ => json!({"alg": self.alg(), "kid": self.kid()}),
        }
    }

    fn alg(self) -> &'static str {
        match self {
            Self::Published | Self::Successor | Self::Stranger => "ES384",
            Self::Rsa | Self::SecondRsa => "RS256",
            Self::P256 => "ES256",
            Self::ClientSecret => "HS256",
            Self::Nobody => "none",
        }
    }

    fn kid(self) -> &'static str {
        match self {
            Self::Successor => "successor",
            Self::Rsa => "rsa",
            Self::SecondRsa => "second-rsa",
            Self::P256 => "p256",
            _ => "published",
        }
    }

    /// The public key as a JWK (RFC 7517).
    #[must_use]
    pub fn jwk(self) -> Value {
        let public = match self {
            Self::Published | Self::Successor | Self::Stranger => {
                let point = self.p384().verifying_key().to_sec1_point(false);
                json!({"kty": "EC", "crv": "P-384", "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap())})
            }
            Self::Rsa => public_rsa(&RSA),
            Self::SecondRsa => public_rsa(&SECOND_RSA),
            Self::P256 => {
                let point = p256_key().verifying_key().to_sec1_point(false);
                json!({"kty": "EC", "crv": "P-256", "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap())})
            }
            Self::ClientSecret | Self::Nobody => panic!("there is no public key"),
        };
        named(public, self.kid(), "sig", self.alg())
    }

    /// The private key as a JWK (RFC 7518, section 6.2.2).
    #[must_use]
    pub fn private_jwk(self) -> Value {
        let mut jwk = self.jwk();
        jwk["d"] = encode(&self.p384().to_bytes()).into();
        jwk
    }

    fn p384(self) -> &'static p384::ecdsa::SigningKey {
        match self {
            Self::Published => &P384[0],
            Self::Successor => &P384[1],
            _ => &P384[2],
        }
    }

    pub(crate) fn sign(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Published | Self::Successor | Self::Stranger => {
                let signature: p384::ecdsa::Signature = self.p384().sign(message);
                signature.to_bytes().to_vec()
            }
            Self::P256 => {
                let signature: p256::ecdsa::Signature = p256_key().sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Rsa => sign_rs256(&RSA, message),
            Self::SecondRsa => sign_rs256(&SECOND_RSA, message),
            Self::ClientSecret => CoreHmacKey::new(CLIENT_SECRET.as_bytes())
                .sign(&CoreJwsSigningAlgorithm::HmacSha256, message)
                .unwrap(),
            Self::Nobody => Vec::new(),
        }
    }
}

/// Two RSA keys, three on curves, an Edwards one, two for encryption, and two of kinds that nobody knows.
pub(crate) fn published() -> Value {
    let second_p256 = p256::ecdsa::SigningKey::from_slice(&[6; 32]).unwrap();
    let point = second_p256.verifying_key().to_sec1_point(false);
    let (x, y) = (encode(point.x().unwrap()), encode(point.y().unwrap()));
    let keys = json!([
        {"kty": "AKP", "alg": "ML-DSA-44", "kid": "post-quantum", "pub": "AAAA"},
        Signer::SecondRsa.jwk(),
        Signer::P256.jwk(),
        named(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}), "second-p256", "sig", "ES256"),
        {"kty": "EC", "crv": "secp256k1", "kid": "secp256k1", "use": "sig", "alg": "ES256K", "x": x, "y": y},
        // The key of RFC 8037, appendix A.2.
        {"kty": "OKP", "crv": "Ed25519", "kid": "ed25519", "use": "sig", "alg": "EdDSA",
         "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        Signer::Published.jwk(),
        named(public_rsa(&SECOND_RSA), "rsa-encryption", "enc", "RSA-OAEP"),
        named(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}), "p256-encryption", "enc", "ECDH-ES"),
        Signer::Rsa.jwk(),
        {"kty": "made-up", "kid": "made-up"},
    ]);
    json!({"keys": keys})
}

fn named(mut jwk: Value, kid: &str, purpose: &str, alg: &str) -> Value {
    jwk["kid"] = kid.into();
    jwk["use"] = purpose.into();
    jwk["alg"] = alg.into();
    jwk
}

fn p256_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap()
}

fn rsa(pem: &str) -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(pem, None).unwrap()
}

fn public_rsa(key: &CoreRsaPrivateSigningKey) -> Value {
    serde_json::to_value(key.as_verification_key()).unwrap()
}

fn sign_rs256(key: &CoreRsaPrivateSigningKey, message: &[u8]) -> Vec<u8> {
    key.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message)
        .unwrap()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
