//! The response of the token endpoint (RFC 6749, section 5), for every grant.

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

/// Bytes. The claims are in every page and the text is in the session; Logto's ID tokens have one or two kilobytes.
const LARGEST_ID_TOKEN: usize = 16 * 1024;
/// No access token lives longer than a year.
const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);

/// The token endpoint gave nothing usable.
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
    /// When to try again, in seconds from now, if the provider says so.
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
    /// Seconds from now. `None` when the provider does not say.
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: Option<CoreIdToken>,
    /// What the access token allows. `None` when it is what was requested, or has not changed.
    pub(crate) scopes: Option<Vec<Scope>>,
}

/// The library's result of a token request.
pub(crate) type Response = Result<
    CoreTokenResponse,
    RequestTokenError<HttpClientError, StandardErrorResponse<CoreErrorResponseType>>,
>;

/// Checks everything but the ID token.
pub(crate) fn read(response: Response) -> Result<UnverifiedTokens, TokenError> {
    let response = response.map_err(|error| match error {
        RequestTokenError::ServerResponse(refusal) => refused(refusal.error()),
        RequestTokenError::Request(cause) => TokenError::Http(cause),
        // The library's text repeats the body, and the body may hold tokens.
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

/// Names only the error codes of RFC 6749, section 5.2.
fn refused(error: &CoreErrorResponseType) -> TokenError {
    match error {
        CoreErrorResponseType::InvalidGrant => TokenError::InvalidGrant,
        CoreErrorResponseType::Extension(_) => TokenError::Refused("another error".to_owned()),
        known => TokenError::Refused(known.to_string()),
    }
}

/// An access token must fit into a header (RFC 6750, section 2.1), or the HTTP crates panic.
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
    /// Verifies the ID token of a token response. An unknown key may be a new one, so the keys are fetched once more.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn response() -> Value {
        json!({"access_token": "a", "token_type": "Bearer", "expires_in": 3600})
    }

    /// What is wrong with a successful response that has this member.
    fn fault_with(member: &str, value: Value) -> Option<String> {
        let mut response = response();
        response[member] = value;
        match serde_json::from_value(response) {
            Ok(response) => read(Ok(response)).err().map(|error| error.to_string()),
            Err(_) => Some("not understood".to_owned()),
        }
    }

    #[test]
    fn a_response_is_usable_or_its_wrong_member_is_named() {
        let a_year = 366 * 86_400;
        for (member, value, fault) in [
            ("token_type", json!("bearer"), ""),
            ("token_type", json!("DPoP"), "token_type"),
            ("token_type", Value::Null, "not understood"),
            ("access_token", json!("visible-ASCII~"), ""),
            ("access_token", json!(""), "access_token"),
            ("access_token", json!("a b"), "access_token"),
            ("access_token", json!("a\r\nX-Header: b"), "access_token"),
            ("access_token", json!("\u{e9}"), "access_token"),
            ("expires_in", Value::Null, ""),
            ("expires_in", json!(1), ""),
            ("expires_in", json!(a_year), ""),
            ("expires_in", json!(0), "expires_in"),
            ("expires_in", json!(a_year + 1), "expires_in"),
            ("expires_in", json!(u64::MAX), "expires_in"),
            ("expires_in", json!(-1), "not understood"),
        ] {
            let found = fault_with(member, value.clone()).unwrap_or_default();
            assert!(found.ends_with(fault), "{member}={value}: {found}");
            assert_eq!(
                found.is_empty(),
                fault.is_empty(),
                "{member}={value}: {found}"
            );
        }
    }

    #[test]
    fn an_error_of_the_specification_is_named_and_no_other_text_is_repeated() {
        for (code, text) in [
            (
                "invalid_grant",
                "the token endpoint answered `invalid_grant`",
            ),
            (
                "invalid_client",
                "the token endpoint answered `invalid_client`",
            ),
            ("a secret", "the token endpoint answered `another error`"),
        ] {
            let refusal = serde_json::from_value(json!({"error": code, "error_description": "b"}));
            let response = Err(RequestTokenError::ServerResponse(refusal.unwrap()));
            assert_eq!(read(response).err().unwrap().to_string(), text);
        }
    }
}
