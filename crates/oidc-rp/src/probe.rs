//! Questions that only `bff doctor` asks: whether the provider is the right one, and knows us, before the first person
//! signs in. None of them leaves anything at the provider.

use crate::{
    AuthorizationRequest, Client, TokenError,
    discovery::{Metadata, MetadataError},
    http_client::{Endpoint, HttpClientError},
};
use http::{HeaderMap, header};
use openidconnect::{AsyncHttpClient, AuthorizationCode, HttpResponse, Nonce, PkceCodeChallenge};
use shared::{Prompt, SignInOptions};
use std::sync::Arc;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

/// What the provider answered at the address of its discovery document.
pub struct Document {
    /// The status code.
    pub status: u16,
    /// None when it is not understood.
    pub metadata: Option<Metadata>,
    /// The provider's clock, in seconds since 1970.
    pub date: Option<i64>,
}

/// What comes of an authorization request with our client id and redirect URI.
#[derive(Debug, PartialEq, Eq)]
pub enum AuthorizationAnswer {
    /// The sign-in page, or an answer to our redirect URI.
    Accepted,
    /// `invalid_client`.
    UnknownClient,
    /// The redirect URI is not registered.
    UnknownRedirectUri,
    /// Another error, by its name.
    Refused(String),
}

/// What comes of our client secret.
#[derive(Debug, PartialEq, Eq)]
pub enum SecretAnswer {
    /// The provider accepts it.
    Right,
    /// `invalid_client`.
    Wrong,
    /// Something else, in words.
    Unclear(String),
}

impl Client {
    /// The document as it is, without the checks that discovery makes.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn probe_document(&self) -> Result<Document, HttpClientError> {
        let place = self.config.issuer.join(".well-known/openid-configuration");
        let place = place.map_err(|_| not_an_address())?;
        let response = self.get(Endpoint::Discovery, &place).await?;
        Ok(Document {
            status: response.status().as_u16(),
            metadata: serde_json::from_slice(response.body()).ok(),
            date: date_of(response.headers()),
        })
    }

    /// The metadata with its keys, as every sign-in takes it.
    ///
    /// # Errors
    /// When discovery failed.
    pub async fn probe_metadata(&self) -> Result<Arc<Metadata>, MetadataError> {
        self.metadata().await
    }

    /// A sign-in's first request, which shows nothing to anybody (`prompt=none`). Not pushed: whoever answers a pushed
    /// request does not say what is wrong with it.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn probe_authorization(
        &self,
        metadata: &Metadata,
    ) -> Result<AuthorizationAnswer, HttpClientError> {
        let options = SignInOptions {
            prompt: Some(Prompt::None),
            ..SignInOptions::default()
        };
        let request = AuthorizationRequest::new(metadata, &self.config, &options);
        let response = self.get(Endpoint::Authorization, &request.url).await?;
        Ok(judge(
            &response,
            &request.url,
            self.config.redirect_uri.url(),
        ))
    }

    /// A code that never was: a provider that takes our secret refuses the code, any other one refuses us.
    pub async fn probe_secret(&self) -> SecretAnswer {
        let code = AuthorizationCode::new("no-code-of-yours".to_owned());
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        match self.exchange(code, verifier, &Nonce::new_random()).await {
            Err(TokenError::InvalidGrant) => SecretAnswer::Right,
            Err(TokenError::Refused(error)) if error == "invalid_client" => SecretAnswer::Wrong,
            Err(error) => SecretAnswer::Unclear(error.to_string()),
            Ok(_) => SecretAnswer::Unclear("it took a code that never was".to_owned()),
        }
    }

    async fn get(&self, endpoint: Endpoint, url: &Url) -> Result<HttpResponse, HttpClientError> {
        let request = http::Request::get(url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| not_an_address())?;
        self.http.at(endpoint).call(request).await
    }
}

fn not_an_address() -> HttpClientError {
    HttpClientError::Unreachable("its address is not one".to_owned())
}

/// RFC 9110, section 6.6.1.
fn date_of(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    Some(date.unix_timestamp())
}

/// An error that is about the client or its redirect URI is shown, never sent there (RFC 6749, section 4.1.2.1).
fn judge(response: &HttpResponse, asked: &Url, redirect_uri: &Url) -> AuthorizationAnswer {
    let location = response.headers().get("location");
    let location = location.and_then(|value| asked.join(value.to_str().ok()?).ok());
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

fn is_at(url: &Url, place: &Url) -> bool {
    url.origin() == place.origin() && url.path() == place.path()
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
        let asked: Url = "https://logto.example/oidc/auth?client_id=a"
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
                judge(&response, &asked, &ours),
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
