//! A provider whose private keys nobody has: they were thrown away when these were made.

use super::{ISSUER, US};
use crate::{ClientConfig, Metadata};
use openidconnect::{
    JsonWebKeySet,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::json;
use std::sync::LazyLock;

const RSA_MODULUS: &str = concat!(
    "ubDC5iyaAJliz2_--xEHyOVHmcIBuCAKenFJeBEuMm-n4PSRGcPN4z5q489Eb4ny5UyCR16-bqGD7GPM2q17y0y6T0lSl5cu-uzrrXvsAppjh8h0",
    "v502cELHg3nwLl_i6H7J0fbnxhfT5Fe0eiEME3NxhOJPme6-YHQoe16WFvErj2rAL6kQVnzZLmQb5fCDRLo9rE_RNoEDrsJx-6IpxrASKpc7DSxT",
    "jSWHCb3Lbv28psuQGz01arBPyBxx_TQpv-6Outb3oU-7BNUd5NmzGDwuNKsvquz04-cGeKyYh2HGaFCPPv0uKHwEuvbAGykBk5HPHDFcjnPxgNmS",
    "k4m6Pw"
);

pub(super) static CONFIG: LazyLock<ClientConfig> = LazyLock::new(|| ClientConfig {
    id_token_algorithms: vec![
        CoreJwsSigningAlgorithm::EcdsaP384Sha384,
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    ],
    ..ClientConfig::new(ISSUER, US, "a secret that signs nothing", ISSUER).expect("URLs")
});

pub(super) static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let metadata: Metadata = serde_json::from_value(json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/auth"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES384", "RS256"],
    }))
    .expect("the metadata is complete");
    metadata.set_jwks(JsonWebKeySet::new(vec![
        key(&json!({
            "kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": "elliptic",
            "x": "8LF3Ma0IaEjaKeyt_znV3RNc4oQp0T3gJTnXqyi0Mdo-CBQj1xzZZECFlQCT4Qm6",
            "y": "C08M0xJjIdCfAErbxT0Oj-z_o5HXAiKliUxPPqf2shayAQUQOaq10GPT-2W81Xo0",
        })),
        key(&json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa", "n": RSA_MODULUS, "e": "AQAB",
        })),
    ]))
});

fn key(json: &serde_json::Value) -> CoreJsonWebKey {
    serde_json::from_str(&json.to_string()).expect("the key is one")
}
