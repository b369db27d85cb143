//! The token endpoint (RFC 6749, sections 3.2 and 5): how its answers are read, whatever the grant.

use crate::{
    Client,
    discovery::{Metadata, MetadataError},
    http_client::HttpClientError,
    id_token::{Expected, ExpectedNonce, IdTokenError, SignedClaims},
};
use openidconnect::{
    AccessToken, OAuth2TokenResponse, RefreshToken, RequestTokenError, Scope,
    StandardErrorResponse, TokenResponse,
    core::{CoreErrorResponseType, CoreIdToken, CoreTokenResponse, CoreTokenType},
};
use std::{sync::Arc, time::Duration};

/// Its claims are in every page and its text in the session: Logto's has one or two kilobytes.
const LARGEST_ID_TOKEN: usize = 16 * 1024;
/// Longer than a year is no life of an access token.
const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);

/// Why the token endpoint gave nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Discovery failed.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// There was no response.
    #[error(transparent)]
    Http(HttpClientError),
    /// The code or refresh token is spent, expired, revoked or not ours.
    #[error("the token endpoint answered `invalid_grant`")]
    InvalidGrant,
    /// Another OAuth error; for `invalid_client` an operator must act.
    #[error("the token endpoint answered `{0}`")]
    Refused(String),
    /// A member of the response, by its name.
    #[error("the token response is wrong: {0}")]
    Malformed(&'static str),
    /// The ID token of the response is not verified.
    #[error("the ID token is refused: {0}")]
    IdToken(#[from] IdTokenError),
}

impl TokenError {
    /// When the provider wants to be asked again, in seconds from now, if it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Http(error) => error.retry_after(),
            _ => None,
        }
    }
}

/// A token response (RFC 6749, section 5.1) whose ID token is not verified yet.
pub(crate) struct UnverifiedTokens {
    pub(crate) access_token: AccessToken,
    /// Seconds from now; none when the provider does not say.
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: Option<CoreIdToken>,
    /// What the access token allows; none when it is what was asked for, or as before.
    pub(crate) scopes: Option<Vec<Scope>>,
}

/// What a token request of the library comes back with.
pub(crate) type Answer = Result<
    CoreTokenResponse,
    RequestTokenError<HttpClientError, StandardErrorResponse<CoreErrorResponseType>>,
>;

/// Reads what the token endpoint answered.
pub(crate) fn read(answer: Answer) -> Result<UnverifiedTokens, TokenError> {
    let response = answer.map_err(|error| match error {
        RequestTokenError::ServerResponse(refusal) => refused(refusal.error()),
        RequestTokenError::Request(cause) => TokenError::Http(cause),
        // The library's words would carry the body, and the body may carry tokens.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            TokenError::Malformed("not understood")
        }
    })?;
    if *response.token_type() != CoreTokenType::Bearer {
        return Err(TokenError::Malformed("token_type"));
    }
    Ok(UnverifiedTokens {
        access_token: usable(response.access_token())?,
        expires_in: response.expires_in().map(life).transpose()?,
        refresh_token: response.refresh_token().cloned(),
        id_token: response.id_token().cloned(),
        scopes: response.scopes().cloned(),
    })
}

/// The error codes of RFC 6749, section 5.2; any other text is not repeated.
fn refused(error: &CoreErrorResponseType) -> TokenError {
    match error {
        CoreErrorResponseType::InvalidGrant => TokenError::InvalidGrant,
        CoreErrorResponseType::Extension(_) => TokenError::Refused("another error".to_owned()),
        known => TokenError::Refused(known.to_string()),
    }
}

/// An access token must fit into a header (RFC 6750, section 2.1), or the crates below panic on it.
fn usable(access_token: &AccessToken) -> Result<AccessToken, TokenError> {
    let fits = access_token
        .secret()
        .bytes()
        .all(|byte| byte.is_ascii_graphic())
        && !access_token.secret().is_empty();
    fits.then(|| access_token.clone())
        .ok_or(TokenError::Malformed("access_token"))
}

fn life(expires_in: Duration) -> Result<i64, TokenError> {
    i64::try_from(expires_in.as_secs())
        .ok()
        .filter(|seconds| *seconds > 0 && expires_in <= LONGEST_LIFE)
        .ok_or(TokenError::Malformed("expires_in"))
}

impl Client {
    /// Verifies the ID token of a token response; a key that is not known may be a new one: its set is asked for once more.
    pub(crate) async fn verify_id_token(
        &self,
        id_token: &CoreIdToken,
        metadata: Arc<Metadata>,
        nonce: ExpectedNonce<'_>,
        access_token: &AccessToken,
    ) -> Result<SignedClaims, TokenError> {
        if id_token.to_string().len() > LARGEST_ID_TOKEN {
            return Err(TokenError::Malformed("id_token is too large"));
        }
        let verify = |metadata: &Metadata| {
            let now = self.clock.unix();
            Expected {
                config: &self.config,
                metadata,
                nonce,
                access_token,
                now,
            }
            .verify(id_token)
        };
        match verify(&metadata) {
            Err(IdTokenError::UnknownKey) => {
                match self.discovery.newer_than(&metadata, &self.http).await? {
                    Some(newer) => Ok(verify(&newer)?),
                    None => Err(IdTokenError::UnknownKey.into()),
                }
            }
            verified => Ok(verified?),
        }
    }
}
