//! The token endpoint (RFC 6749, sections 3.2 and 5), for every grant. Not by the library, which drops a whole response, and
//! the refresh token in it, when one of its members is wrong.

use crate::{
    Client,
    discovery::{Metadata, MetadataError},
    http_client::{Endpoint, HttpClientError, json_object},
    id_token::{Expected, ExpectedNonce, IdTokenError, SignedClaims},
    oauth_error::OAuthError,
};
use http::StatusCode;
use openidconnect::{AccessToken, HttpResponse, RefreshToken, Scope, TokenUrl};
use serde_json::{Map, Value};
use std::sync::Arc;
use url::form_urlencoded;

/// Bytes. Claims of hundreds of organizations fit. Logto's ID tokens usually have one or two kilobytes.
const LARGEST_ID_TOKEN: usize = 128 * 1024;
/// No access token lives longer than a year. In seconds.
const LONGEST_LIFE: i64 = 366 * 86_400;

/// The token endpoint gave nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Discovery failed.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// There was no response.
    #[error(transparent)]
    Http(#[from] HttpClientError),
    /// The provider's error.
    #[error("the token endpoint answered `{0}`")]
    Refused(OAuthError),
    /// A member of the response, by its name, or what else is wrong.
    #[error("the token response is wrong: {0}")]
    Malformed(String),
    /// The ID token of the response is not verified.
    #[error("the ID token is refused: {0}")]
    IdToken(#[from] IdTokenError),
    /// The ID token is too large for a session. Its size is in bytes.
    #[error("the ID token has {0} bytes, and {LARGEST_ID_TOKEN} are the most")]
    TooLarge(usize),
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

    /// Whether no refresh of this session works again: the provider refuses the person, or the new ID token is about somebody
    /// else (OpenID Connect Core 1.0, section 12.2).
    #[must_use]
    pub fn ends_session(&self) -> bool {
        match self {
            Self::Refused(error) => error.is_final(),
            Self::IdToken(IdTokenError::Claim(claim)) => {
                ["iss", "sub", "aud", "azp", "nonce"].contains(claim)
            }
            _ => false,
        }
    }
}

fn malformed(what: impl Into<String>) -> TokenError {
    TokenError::Malformed(what.into())
}

/// A token response (RFC 6749, section 5.1) whose ID token is not verified yet.
pub(crate) struct UnverifiedTokens {
    pub(crate) access_token: AccessToken,
    /// Seconds from now. `None` when the provider does not say.
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: Option<String>,
    /// What the access token allows. `None` when it is what was requested, or has not changed.
    pub(crate) scopes: Option<Vec<Scope>>,
}

/// The members of a successful response, or the error of another one (section 5.2).
fn members(response: &HttpResponse) -> Result<Map<String, Value>, TokenError> {
    let members = json_object(response);
    if response.status() == StatusCode::OK {
        return members.map_err(malformed);
    }
    match members
        .ok()
        .as_ref()
        .and_then(|members| members.get("error")?.as_str())
    {
        Some(error) => Err(TokenError::Refused(OAuthError::read(error))),
        None => Err(malformed(format!("status {}", response.status().as_u16()))),
    }
}

/// Checks everything but the ID token.
pub(crate) fn read(members: &Map<String, Value>) -> Result<UnverifiedTokens, TokenError> {
    let token_type = text(members, "token_type")?.unwrap_or_default();
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(malformed("token_type"));
    }
    let scopes = text(members, "scope")?;
    Ok(UnverifiedTokens {
        access_token: access_token(members)?,
        expires_in: expires_in(members)?,
        refresh_token: text(members, "refresh_token")?.map(RefreshToken::new),
        id_token: text(members, "id_token")?,
        scopes: scopes.map(|scopes| {
            let scopes = scopes.split_ascii_whitespace();
            scopes.map(|scope| Scope::new(scope.to_owned())).collect()
        }),
    })
}

/// A member that is a text. An empty one counts as absent, as `null` does.
fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, TokenError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(malformed(name)),
    }
}

/// The next refresh token, whatever is wrong with the rest of the response.
pub(crate) fn next_refresh_token(members: &Map<String, Value>) -> Option<RefreshToken> {
    let token = text(members, "refresh_token").ok().flatten();
    token.map(RefreshToken::new)
}

/// An access token must fit into a header (RFC 6750, section 2.1), or the HTTP crates panic.
fn access_token(members: &Map<String, Value>) -> Result<AccessToken, TokenError> {
    let token = text(members, "access_token")?;
    let fits = |token: &String| token.bytes().all(|byte| byte.is_ascii_graphic());
    let token = token.filter(fits).map(AccessToken::new);
    token.ok_or_else(|| malformed("access_token"))
}

/// Some providers write seconds with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float becomes the nearest possible integer, and one far from a year is refused"
)]
fn expires_in(members: &Map<String, Value>) -> Result<Option<i64>, TokenError> {
    let Some(value) = members.get("expires_in").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let seconds = value.as_f64().map(|seconds| seconds as i64);
    let seconds = seconds.filter(|seconds| (1..=LONGEST_LIFE).contains(seconds));
    seconds.map(Some).ok_or_else(|| malformed("expires_in"))
}

impl Client {
    /// One token request, with the client's credentials.
    ///
    /// # Errors
    /// When there is no response, or it is an error (RFC 6749, section 5.2).
    pub(crate) async fn token_request(
        &self,
        metadata: &Metadata,
        form: &[(&str, &str)],
    ) -> Result<Map<String, Value>, TokenError> {
        let endpoint = metadata.token_endpoint().map(TokenUrl::url);
        let endpoint = endpoint.ok_or_else(|| malformed("discovery names no token endpoint"))?;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        members(&self.post_form(Endpoint::Token, endpoint, &form).await?)
    }

    /// Verifies the ID token of a token response with the keys that are known.
    pub(crate) fn verify_id_token(
        &self,
        id_token: &str,
        metadata: &Metadata,
        nonce: ExpectedNonce<'_>,
        access_token: &AccessToken,
    ) -> Result<SignedClaims, TokenError> {
        if id_token.len() > LARGEST_ID_TOKEN {
            return Err(TokenError::TooLarge(id_token.len()));
        }
        let expected = Expected {
            config: &self.config,
            metadata,
            nonce,
            access_token,
            now: self.clock.unix(),
        };
        expected.verify(id_token).map_err(|error| match error {
            IdTokenError::Malformed => malformed("id_token"),
            refused => refused.into(),
        })
    }

    /// Fetches the keys once more if `verified` failed for an unknown key, which may be a new one. `None` if there are no
    /// newer ones, or nothing has to be verified again.
    ///
    /// # Errors
    /// When the keys cannot be fetched.
    pub async fn newer_keys<T>(
        &self,
        verified: &Result<T, TokenError>,
        metadata: &Arc<Metadata>,
    ) -> Result<Option<Arc<Metadata>>, TokenError> {
        match verified {
            Err(TokenError::IdToken(IdTokenError::UnknownKey)) => {
                Ok(self.discovery.newer_than(metadata, &self.http).await?)
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is wrong with a successful response that has this member.
    fn fault_with(member: &str, value: Value) -> Option<String> {
        let mut response = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 3600});
        response[member] = value;
        let fault = read(response.as_object().unwrap()).err();
        fault.map(|error| error.to_string())
    }

    #[test]
    fn q42_a_response_is_usable_or_its_wrong_member_is_named() {
        let a_year = 366 * 86_400;
        for (member, value, fault) in [
            ("token_type", json!("bearer"), ""),
            ("token_type", json!("DPoP"), "token_type"),
            ("token_type", Value::Null, "token_type"),
            ("token_type", json!(1), "token_type"),
            ("access_token", json!("visible-ASCII~"), ""),
            ("access_token", json!(""), "access_token"),
            ("access_token", json!("a b"), "access_token"),
            ("access_token", json!("a\r\nX-Header: b"), "access_token"),
            ("access_token", json!("\u{e9}"), "access_token"),
            ("access_token", json!({}), "access_token"),
            ("expires_in", Value::Null, ""),
            ("expires_in", json!(1), ""),
            ("expires_in", json!(3600.0), ""),
            ("expires_in", json!(3599.9), ""),
            ("expires_in", json!(a_year), ""),
            ("expires_in", json!(0), "expires_in"),
            ("expires_in", json!(0.5), "expires_in"),
            ("expires_in", json!(a_year + 1), "expires_in"),
            ("expires_in", json!(u64::MAX), "expires_in"),
            ("expires_in", json!(1e300), "expires_in"),
            ("expires_in", json!(-1), "expires_in"),
            ("expires_in", json!("3600"), "expires_in"),
            ("refresh_token", json!(""), ""),
            ("refresh_token", Value::Null, ""),
            ("refresh_token", json!(7), "refresh_token"),
            ("id_token", json!([]), "id_token"),
            ("scope", json!("openid  profile"), ""),
            ("scope", json!(["openid"]), "scope"),
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
    fn q42_an_empty_refresh_token_is_none_and_a_right_one_outlives_a_wrong_response() {
        let next = |members: Value| {
            let token = next_refresh_token(members.as_object().unwrap());
            token.map(|token| token.secret().clone())
        };
        assert_eq!(next(json!({"refresh_token": ""})), None);
        assert_eq!(next(json!({"refresh_token": 7})), None);
        let wrong =
            json!({"refresh_token": "next", "expires_in": "soon", "scope": 7, "id_token": []});
        assert_eq!(next(wrong).as_deref(), Some("next"));
    }

    #[test]
    fn q42_an_error_is_named_by_its_code_and_no_other_text_is_repeated() {
        for (status, body, text) in [
            (
                400,
                r#"{"error":"invalid_grant"}"#,
                "the token endpoint answered `invalid_grant`",
            ),
            (
                401,
                r#"{"error":"invalid_client"}"#,
                "the token endpoint answered `invalid_client`",
            ),
            (
                400,
                r#"{"error":"invalid_target"}"#,
                "the token endpoint answered `invalid_target`",
            ),
            (
                403,
                r#"{"error":"temporarily_unavailable","error_description":"b"}"#,
                "the token endpoint answered `temporarily_unavailable`",
            ),
            (
                400,
                r#"{"error":"a secret"}"#,
                "the token endpoint answered `another error`",
            ),
            (
                400,
                r#"{"error":7}"#,
                "the token response is wrong: status 400",
            ),
            (404, "not found", "the token response is wrong: status 404"),
            (204, "", "the token response is wrong: status 204"),
            (
                200,
                "not found",
                "the token response is wrong: the body is not a JSON object",
            ),
        ] {
            let mut response = HttpResponse::new(body.as_bytes().to_vec());
            *response.status_mut() = status.try_into().unwrap();
            assert_eq!(members(&response).err().unwrap().to_string(), text);
        }
    }
}
