//! The refresh (RFC 6749, section 6), and the verification of an ID token in its response (OpenID Connect Core 1.0,
//! section 12.2).

use crate::{
    Client,
    discovery::Metadata,
    id_token::{ExpectedNonce, IdTokenError, SignedClaims, nonce_of},
    token_endpoint::{self, TokenError, UnverifiedTokens},
};
use openidconnect::{AccessToken, RefreshToken, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an access token is for. By default the provider itself: its userinfo endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenTarget {
    /// An API resource (RFC 8707). The authorization request must have named it.
    pub resource: Option<String>,
    /// An organization of Logto, by its id.
    pub organization: Option<String>,
}

impl TokenTarget {
    /// Whether it is the provider itself.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        *self == Self::default()
    }

    fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let resource = self.resource.iter().map(|resource| ("resource", resource));
        let organization = self.organization.iter();
        let organization = organization.map(|organization| ("organization_id", organization));
        resource
            .chain(organization)
            .map(|(name, value)| (name, value.as_str()))
    }
}

/// What a refresh token was exchanged for, verified.
pub struct RefreshedTokens {
    /// The new access token.
    pub access_token: AccessToken,
    /// The access token's life in seconds. `None` when the provider does not say.
    pub expires_in: Option<i64>,
    /// The next refresh token. `None` when the one that was used stays valid (Logto rotates late in its life).
    pub refresh_token: Option<RefreshToken>,
    /// `None` when the response has no ID token.
    pub identity: Option<SignedClaims>,
    /// What the access token allows. `None` when that has not changed (RFC 6749, section 6).
    pub scopes: Option<Vec<Scope>>,
}

/// The response to a refresh. Nothing in it is verified.
pub struct RefreshResponse(Map<String, Value>);

impl RefreshResponse {
    /// The next refresh token, whatever is wrong with the rest. Store it first: the one that was used may be spent.
    #[must_use]
    pub fn refresh_token(&self) -> Option<RefreshToken> {
        token_endpoint::next_refresh_token(&self.0)
    }
}

impl Client {
    /// Exchanges a refresh token for an access token of this target, in one request: `metadata` is fetched before.
    ///
    /// # Errors
    /// When the provider refuses the token, or there is no response.
    pub async fn refresh(
        &self,
        metadata: &Metadata,
        refresh_token: &RefreshToken,
        target: &TokenTarget,
    ) -> Result<RefreshResponse, TokenError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.secret().as_str()),
        ];
        let form: Vec<_> = form.into_iter().chain(target.parameters()).collect();
        let response = self.token_request(metadata, &form).await?;
        Ok(RefreshResponse(response))
    }

    /// Verifies the response to a refresh, without a request. A new ID token must be about the same `sub`, and its nonce, if it
    /// has one, must be that of `id_token`, the previous one.
    ///
    /// # Errors
    /// When something in the response is wrong. For an unknown key there is [`Client::newer_keys`].
    pub fn verify_refresh(
        &self,
        response: &RefreshResponse,
        metadata: &Metadata,
        sub: &str,
        id_token: &str,
    ) -> Result<RefreshedTokens, TokenError> {
        let tokens = token_endpoint::read(&response.0)?;
        Ok(RefreshedTokens {
            identity: self.same_identity(&tokens, metadata, sub, id_token)?,
            access_token: tokens.access_token,
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            scopes: tokens.scopes,
        })
    }

    fn same_identity(
        &self,
        tokens: &UnverifiedTokens,
        metadata: &Metadata,
        sub: &str,
        previous: &str,
    ) -> Result<Option<SignedClaims>, TokenError> {
        let Some(id_token) = &tokens.id_token else {
            return Ok(None);
        };
        let nonce = nonce_of(previous);
        let nonce = ExpectedNonce::AbsentOr(nonce.as_ref());
        let identity = self.verify_id_token(id_token, metadata, nonce, &tokens.access_token)?;
        if identity.claims.sub != sub {
            return Err(IdTokenError::Claim("sub").into());
        }
        Ok(Some(identity))
    }
}
