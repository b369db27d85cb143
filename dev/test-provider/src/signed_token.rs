//! A JWS in compact form (RFC 7515, section 7.1) whose every part can be spoilt.

use super::Signer;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// An ID token or a logout token.
pub(crate) struct SignedToken {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) signer: Signer,
    /// What stands in place of the signature that `signer` makes.
    pub(crate) signature: Option<Vec<u8>>,
    /// A change of the claims' JSON that JSON values cannot say.
    pub(crate) rewrite: fn(String) -> String,
    /// The last change, to the whole text.
    pub(crate) reshape: fn(String) -> String,
}

impl SignedToken {
    pub(super) fn new(claims: Value) -> Self {
        Self {
            header: Signer::Published.header(),
            claims,
            signer: Signer::Published,
            signature: None,
            rewrite: |json| json,
            reshape: |text| text,
        }
    }

    /// Signs with this key and says so in the header.
    pub(crate) fn sign_with(&mut self, signer: Signer) {
        self.header = signer.header();
        self.signer = signer;
    }

    /// The right value with something more at its end.
    pub(crate) fn append(&mut self, claim: &str, suffix: &str) {
        let right = self.claims[claim].as_str().unwrap();
        self.claims[claim] = format!("{right}{suffix}").into();
    }

    pub(crate) fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims[claim] = value.into();
    }

    /// Sets a time so many seconds after the token's issue.
    pub(crate) fn set_from_issue(&mut self, claim: &str, seconds: i64) {
        self.claims[claim] = (self.claims["iat"].as_i64().unwrap() + seconds).into();
    }

    /// Flips one bit of the right signature.
    pub(crate) fn damage_signature(&mut self) {
        let mut signature = self.signer.sign(self.signing_input().as_bytes());
        signature[20] ^= 1;
        self.signature = Some(signature);
    }

    pub(crate) fn remove(&mut self, claim: &str) {
        let claims = self.claims.as_object_mut().unwrap();
        claims.remove(claim).expect("the claim was there");
    }

    /// Header and claims as they are signed.
    pub(crate) fn signing_input(&self) -> String {
        let encode = |json: String| URL_SAFE_NO_PAD.encode(json);
        let claims = (self.rewrite)(self.claims.to_string());
        format!("{}.{}", encode(self.header.to_string()), encode(claims))
    }

    pub(crate) fn compact(&self) -> String {
        let signed = self.signing_input();
        let signature = self
            .signature
            .clone()
            .unwrap_or_else(|| self.signer.sign(signed.as_bytes()));
        (self.reshape)(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
