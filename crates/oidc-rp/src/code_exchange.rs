//! The code exchange (OpenID Connect Core 1.0, section 3.1.3): an authorization code into verified tokens.

use crate::{
    Client,
    discovery::Metadata,
    id_token::{ExpectedNonce, SignedClaims},
    token_endpoint::{self, TokenError},
};
use openidconnect::{AccessToken, AuthorizationCode, Nonce, PkceCodeVerifier, RefreshToken, Scope};

/// What a code was exchanged for, verified.
pub struct IdentityTokens {
    /// The verified ID token.
    pub identity: SignedClaims,
    /// Opens userinfo and the requested resources.
    pub access_token: AccessToken,
    /// The access token's life in seconds. `None` when the provider does not say.
    pub expires_in: Option<i64>,
    /// `None` when the provider gives none.
    pub refresh_token: Option<RefreshToken>,
    /// What the access token allows.
    pub scopes: Vec<Scope>,
}

impl Client {
    /// Exchanges a code. `pkce_verifier` and `nonce` are those of the authorization request.
    ///
    /// # Errors
    /// When the provider refuses the code, or something in its response is wrong.
    pub async fn exchange(
        &self,
        code: AuthorizationCode,
        pkce_verifier: PkceCodeVerifier,
        nonce: &Nonce,
    ) -> Result<IdentityTokens, TokenError> {
        let metadata = self.metadata().await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.secret()),
            ("redirect_uri", self.config.redirect_uri.as_str()),
            ("code_verifier", pkce_verifier.secret()),
        ];
        let tokens = token_endpoint::read(&self.token_request(&metadata, &form).await?)?;
        let no_id_token = || TokenError::Malformed("id_token".to_owned());
        let id_token = tokens.id_token.ok_or_else(no_id_token)?;
        let nonce = ExpectedNonce::Exactly(nonce);
        let verify = |metadata: &Metadata| {
            self.verify_id_token(&id_token, metadata, nonce, &tokens.access_token)
        };
        let mut verified = verify(&metadata);
        if let Some(newer) = self.newer_keys(&verified, &metadata).await? {
            verified = verify(&newer);
        }
        let identity = verified?;
        let further = metadata.additional_metadata();
        if identity.sid.is_none() && further.backchannel_logout_supported {
            let log = || tracing::warn!(event = "sign_in.without_sid");
            self.without_sid.call_once(log);
        }
        Ok(IdentityTokens {
            identity,
            access_token: tokens.access_token,
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            // Absent, it is what was requested (RFC 6749, section 5.1).
            scopes: tokens.scopes.unwrap_or_else(|| self.config.scopes.clone()),
        })
    }
}
