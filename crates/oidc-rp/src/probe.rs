//! Checks of the configuration before the first person signs in: is this the provider, and does it know the client? None of
//! them changes anything at the provider.

use crate::{
    AuthorizationRequest, Client, TokenError,
    discovery::Metadata,
    http_client::{Endpoint, HttpClientError},
};
use http::{HeaderMap, header};
use openidconnect::{AuthorizationCode, HttpResponse, Nonce, PkceCodeChallenge};
use shared::{Prompt, SignInOptions};
use std::time::UNIX_EPOCH;
use url::Url;

/// The response at the address of the discovery document.
pub struct Document {
    /// The status code.
    pub status: u16,
    /// `None` when the body is not a discovery document.
    pub metadata: Option<Metadata>,
    /// The provider's clock (`Date`), in seconds since 1970.
    pub date: Option<i64>,
}

/// What the provider does with an authorization request of this client id and redirect URI.
#[derive(Debug, PartialEq, Eq)]
pub enum AuthorizationAnswer {
    /// It shows the sign-in page, or responds to the redirect URI.
    Accepted,
    /// `invalid_client`.
    UnknownClient,
    /// The redirect URI is not registered.
    UnknownRedirectUri,
    /// Another error, by its name.
    Refused(String),
}

/// What the provider does with the client secret.
#[derive(Debug, PartialEq, Eq)]
pub enum SecretAnswer {
    /// The provider accepts it.
    Right,
    /// `invalid_client`.
    Wrong,
    /// Something else, as text.
    Unclear(String),
}

impl Client {
    /// The discovery document, without the checks of [`Client::metadata`].
    ///
    /// # Errors
    /// When there is no response.
    pub async fn probe_document(&self) -> Result<Document, HttpClientError> {
        let url = self.config.issuer.join(".well-known/openid-configuration");
        let url = url.map_err(|_| HttpClientError::not_an_address())?;
        let response = self.http.get(Endpoint::Discovery, &url).await?;
        Ok(Document {
            status: response.status().as_u16(),
            metadata: serde_json::from_slice(response.body()).ok(),
            date: date_of(response.headers()),
        })
    }

    /// A sign-in's first request, with `prompt=none`. It is not pushed, because the response to a pushed request does not say
    /// what is wrong.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn probe_authorization(
        &self,
        metadata: &Metadata,
    ) -> Result<AuthorizationAnswer, HttpClientError> {
        let options = SignInOptions {
            prompt: vec![Prompt::None],
            ..SignInOptions::default()
        };
        let request = AuthorizationRequest::new(metadata, &self.config, &options);
        let response = self.http.get(Endpoint::Authorization, &request.url).await?;
        Ok(judge(
            &response,
            &request.url,
            self.config.redirect_uri.url(),
        ))
    }

    /// Whether the provider knows the post sign-out redirect URI: a request of nobody at its end session endpoint. `None` when the
    /// provider has no such endpoint, or this client no such URI.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn probe_end_session(
        &self,
        metadata: &Metadata,
    ) -> Result<Option<bool>, HttpClientError> {
        let further = metadata.additional_metadata();
        let (Some(endpoint), Some(redirect_uri)) = (
            &further.end_session_endpoint,
            &self.config.post_logout_redirect_uri,
        ) else {
            return Ok(None);
        };
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .append_pair("client_id", self.config.client_id.as_str())
            .append_pair("post_logout_redirect_uri", redirect_uri.as_str());
        let response = self.http.get(Endpoint::Authorization, &url).await?;
        Ok(Some(!response.status().is_client_error()))
    }

    /// Exchanges a code that does not exist: a provider that accepts the secret refuses the code, another refuses the client.
    pub async fn probe_secret(&self) -> SecretAnswer {
        let code = AuthorizationCode::new("no-code-of-yours".to_owned());
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        match self.exchange(code, verifier, &Nonce::new_random()).await {
            Err(TokenError::Refused(error)) if error.code() == "invalid_grant" => {
                SecretAnswer::Right
            }
            Err(TokenError::Refused(error)) if error.code() == "invalid_client" => {
                SecretAnswer::Wrong
            }
            Err(error) => SecretAnswer::Unclear(error.to_string()),
            Ok(_) => SecretAnswer::Unclear("it accepted a code that does not exist".to_owned()),
        }
    }
}

/// RFC 9110, section 6.6.1.
fn date_of(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    let date = httpdate::parse_http_date(text).ok()?;
    let seconds = date.duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok()
}

/// An error about the client or its redirect URI is shown, not sent to the redirect URI (RFC 6749, section 4.1.2.1).
fn judge(response: &HttpResponse, requested: &Url, redirect_uri: &Url) -> AuthorizationAnswer {
    let location = response.headers().get("location");
    let location = location.and_then(|value| requested.join(value.to_str().ok()?).ok());
    let body = String::from_utf8_lossy(response.body());
    match location.filter(|_| response.status().is_redirection()) {
        Some(to) if is_at(&to, redirect_uri) => sent_back(&to),
        Some(to) => complaint(to.as_str()).unwrap_or(AuthorizationAnswer::Accepted),
        None if response.status().is_success() => {
            complaint(&body).unwrap_or(AuthorizationAnswer::Accepted)
        }
        None => complaint(&body).unwrap_or_else(|| {
            AuthorizationAnswer::Refused(format!("status {}", response.status().as_u16()))
        }),
    }
}

fn is_at(url: &Url, other: &Url) -> bool {
    url.origin() == other.origin() && url.path() == other.path()
}

fn sent_back(to: &Url) -> AuthorizationAnswer {
    let mut query = to.query_pairs();
    match query.find(|(name, _)| name == "error") {
        // OpenID Connect Core 1.0, section 3.1.2.6: a person would have to act.
        Some((_, error))
            if !matches!(
                &*error,
                "login_required"
                    | "interaction_required"
                    | "consent_required"
                    | "account_selection_required"
            ) =>
        {
            AuthorizationAnswer::Refused(crate::visible(&error))
        }
        _ => AuthorizationAnswer::Accepted,
    }
}

fn complaint(text: &str) -> Option<AuthorizationAnswer> {
    if text.contains("invalid_client") {
        return Some(AuthorizationAnswer::UnknownClient);
    }
    let uri = ["invalid_redirect_uri", "redirect_uri_mismatch"];
    uri.iter()
        .any(|words| text.contains(words))
        .then_some(AuthorizationAnswer::UnknownRedirectUri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_an_authorization_request_says_whether_we_are_known() {
        use AuthorizationAnswer::{Accepted, Refused, UnknownClient, UnknownRedirectUri};
        let requested: Url = "https://logto.example/oidc/auth?client_id=a"
            .parse()
            .unwrap();
        let ours: Url = "https://app.example/callback".parse().unwrap();
        for (status, location, body, answer) in [
            (
                303,
                "https://app.example/callback?error=login_required&state=s",
                "",
                Accepted,
            ),
            (302, "/sign-in?app_id=a", "", Accepted),
            (200, "", "<!doctype html><title>Sign in</title>", Accepted),
            (
                303,
                "https://app.example/callback?error=invalid_scope",
                "",
                Refused("invalid_scope".to_owned()),
            ),
            (
                302,
                "/error?code=oidc.invalid_redirect_uri",
                "",
                UnknownRedirectUri,
            ),
            (
                400,
                "",
                r#"{"code":"oidc.invalid_redirect_uri"}"#,
                UnknownRedirectUri,
            ),
            (
                400,
                "",
                r#"{"code":"oidc.invalid_client","message":"client is invalid"}"#,
                UnknownClient,
            ),
            (404, "", "not found", Refused("status 404".to_owned())),
        ] {
            let mut response = HttpResponse::new(body.as_bytes().to_vec());
            *response.status_mut() = status.try_into().unwrap();
            if !location.is_empty() {
                let headers = response.headers_mut();
                headers.insert("location", location.parse().unwrap());
            }
            assert_eq!(
                judge(&response, &requested, &ours),
                answer,
                "{status} {location}"
            );
        }
    }

    #[test]
    fn a_date_is_read_as_http_writes_it() {
        let headers = |text: &'static str| {
            HeaderMap::from_iter([(header::DATE, http::HeaderValue::from_static(text))])
        };
        let date = date_of(&headers("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(date, Some(784_111_777));
        assert_eq!(date_of(&headers("yesterday")), None);
    }
}
