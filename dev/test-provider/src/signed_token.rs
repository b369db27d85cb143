//! A JWS in compact form (RFC 7515, section 7.1) whose every part can be spoilt.

use crate::Signer;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// An ID token or a logout token.
pub struct SignedToken {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// What signs the token; [`SignedToken::sign_with`] also says so in the header.
    pub signer: Signer,
    /// What replaces the signature that `signer` makes.
    pub signature: Option<Vec<u8>>,
    /// A change of the claims' JSON that JSON values cannot say.
    pub rewrite: fn(String) -> String,
    /// The last change, to the whole text.
    pub reshape: fn(String) -> String,
}

impl SignedToken {
    pub(crate) fn new(claims: Value) -> Self {
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
    pub fn sign_with(&mut self, signer: Signer) {
        self.header = signer.header();
        self.signer = signer;
    }

    /// The right value with something more at its end.
    pub fn append(&mut self, claim: &str, suffix: &str) {
        let right = self.claims[claim].as_str().unwrap();
        self.claims[claim] = format!("{right}{suffix}").into();
    }

    /// Sets a claim.
    pub fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims[claim] = value.into();
    }

    /// Sets a time so many seconds after the token's issue.
    pub fn set_from_issue(&mut self, claim: &str, seconds: i64) {
        self.claims[claim] = (self.claims["iat"].as_i64().unwrap() + seconds).into();
    }

    /// Flips one bit of the right signature.
    pub fn damage_signature(&mut self) {
        let mut signature = self.signer.sign(self.signing_input().as_bytes());
        signature[20] ^= 1;
        self.signature = Some(signature);
    }

    /// Removes a claim, which was there.
    pub fn remove(&mut self, claim: &str) {
        let claims = self.claims.as_object_mut().unwrap();
        claims.remove(claim).expect("the claim was there");
    }

    /// Header and claims as they are signed.
    #[must_use]
    pub fn signing_input(&self) -> String {
        let encode = |json: String| URL_SAFE_NO_PAD.encode(json);
        let claims = (self.rewrite)(self.claims.to_string());
        format!("{}.{}", encode(self.header.to_string()), encode(claims))
    }

    /// The token as it is sent.
    #[must_use]
    pub fn compact(&self) -> String {
        let signed = self.signing_input();
        let signature = self
            .signature
            .clone()
            .unwrap_or_else(|| self.signer.sign(signed.as_bytes()));
        (self.reshape)(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
