//! The userinfo endpoint (OpenID Connect Core 1.0, section 5.3): the claims about the person as they are now.

use crate::{
    Client, claims,
    discovery::MetadataError,
    http_client::{Endpoint, HttpClientError, json_object},
    signed_token,
};
use http::{
    StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use openidconnect::{AccessToken, AsyncHttpClient, HttpResponse};
use serde::Deserialize;
use shared::Claims;

/// There is no userinfo. The text has no claim's value.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// Discovery failed.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// There was no response.
    #[error(transparent)]
    Http(#[from] HttpClientError),
    /// The access token is not accepted (RFC 6750, section 3.1).
    #[error("the userinfo endpoint does not accept the access token")]
    Unauthorized,
    /// Another status.
    #[error("the userinfo endpoint answered with status {0}")]
    Refused(StatusCode),
    /// What of the response is wrong.
    #[error("the userinfo response is wrong: {0}")]
    Malformed(String),
    /// The response is about somebody else (section 5.3.2).
    #[error("the userinfo response is about another person")]
    OtherPerson,
}

impl Client {
    /// Requests the claims about the person with the `sub` of the ID token. Not by the library, which panics on an access
    /// token that is no header value, and accepts any content type.
    ///
    /// # Errors
    /// When the access token is not accepted, or the response is wrong or about another person.
    pub async fn user_info(
        &self,
        access_token: &AccessToken,
        sub: &str,
    ) -> Result<Claims, UserInfoError> {
        let metadata = self.metadata().await?;
        let endpoint = metadata
            .userinfo_endpoint()
            .ok_or_else(|| malformed("discovery names no endpoint"))?;
        let request = http::Request::get(endpoint.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", access_token.secret()))
            .header(ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| HttpClientError::not_an_address())?;
        let response = self.http.at(Endpoint::UserInfo).call(request).await?;
        read(&response, sub)
    }
}

fn read(response: &HttpResponse, sub: &str) -> Result<Claims, UserInfoError> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED => return Err(UserInfoError::Unauthorized),
        other => return Err(UserInfoError::Refused(other)),
    }
    // A signed response (`application/jwt`) was not requested.
    json_object(response).map_err(malformed)?;
    let subject: Subject = signed_token::read(response.body()).map_err(|_| malformed("sub"))?;
    // Section 5.3.2: the claims of another subject must not be used.
    if subject.sub != sub {
        return Err(UserInfoError::OtherPerson);
    }
    claims::read(response.body()).ok_or_else(|| malformed("sub"))
}

/// The claim that decides. It does not come twice.
#[derive(Deserialize)]
struct Subject {
    sub: String,
}

fn malformed(what: impl Into<String>) -> UserInfoError {
    UserInfoError::Malformed(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header::CONTENT_TYPE};

    #[test]
    fn q43_claims_are_read_from_json_about_the_same_person_only() {
        use UserInfoError::{OtherPerson, Refused, Unauthorized};
        let json = "application/json";
        let ada = r#"{"sub":"ada","name":"Ada"}"#;
        for (status, kind, body, fault) in [
            (200, json, ada, None),
            (200, "Application/JSON; charset=utf-8", ada, None),
            (401, json, ada, Some(Unauthorized)),
            (204, json, ada, Some(Refused(StatusCode::NO_CONTENT))),
            (302, json, ada, Some(Refused(StatusCode::FOUND))),
            (403, json, ada, Some(Refused(StatusCode::FORBIDDEN))),
            (
                200,
                "application/jwt",
                ada,
                Some(malformed("the media type is `application/jwt`")),
            ),
            (
                200,
                "text/html; a=b",
                ada,
                Some(malformed("the media type is `text/html; a=b`")),
            ),
            (
                200,
                json,
                "",
                Some(malformed("the body is not a JSON object")),
            ),
            (
                200,
                json,
                r#"["ada"]"#,
                Some(malformed("the body is not a JSON object")),
            ),
            (200, json, r#"{"name":"Ada"}"#, Some(malformed("sub"))),
            (200, json, r#"{"sub":null}"#, Some(malformed("sub"))),
            (
                200,
                json,
                r#"{"sub":"ada","sub":"ada"}"#,
                Some(malformed("sub")),
            ),
            (200, json, r#"{"sub":"ada","name":7}"#, None),
            (200, json, r#"{"sub":"eve"}"#, Some(OtherPerson)),
            (200, json, r#"{"sub":"Ada"}"#, Some(OtherPerson)),
            (200, json, r#"{"sub":""}"#, Some(OtherPerson)),
        ] {
            let mut response = HttpResponse::new(body.as_bytes().to_vec());
            *response.status_mut() = status.try_into().unwrap();
            let kind = HeaderValue::from_static(kind);
            response.headers_mut().insert(CONTENT_TYPE, kind);
            let found = read(&response, "ada").err();
            let [found, fault] = [found, fault].map(|error| error.map(|error| error.to_string()));
            assert_eq!(found, fault, "{status} {body}");
        }
    }
}
