//! The userinfo endpoint (OpenID Connect Core 1.0, section 5.3): the claims about the person as they are now.

use crate::{
    Client,
    discovery::MetadataError,
    http_client::{Endpoint, HttpClientError, has_media_type},
};
use http::{
    StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use openidconnect::{AccessToken, AsyncHttpClient, HttpResponse};
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
    Malformed(&'static str),
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
            .ok_or(UserInfoError::Malformed("discovery names no endpoint"))?;
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
    if !has_media_type(response.headers(), "application/json") {
        return Err(UserInfoError::Malformed("content type"));
    }
    let claims: Claims = serde_json::from_slice(response.body())
        .map_err(|_| UserInfoError::Malformed("not understood"))?;
    // Section 5.3.2: the claims of another subject must not be used.
    (claims.sub == sub)
        .then_some(claims)
        .ok_or(UserInfoError::OtherPerson)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header::CONTENT_TYPE};

    #[test]
    fn claims_are_read_from_json_about_the_same_person_only() {
        use UserInfoError::{Malformed, OtherPerson, Refused, Unauthorized};
        let json = "application/json";
        let ada = r#"{"sub":"ada","name":"Ada"}"#;
        for (status, kind, body, fault) in [
            (200, json, ada, None),
            (200, "Application/JSON; charset=utf-8", ada, None),
            (401, json, ada, Some(Unauthorized)),
            (204, json, ada, Some(Refused(StatusCode::NO_CONTENT))),
            (302, json, ada, Some(Refused(StatusCode::FOUND))),
            (403, json, ada, Some(Refused(StatusCode::FORBIDDEN))),
            (200, "application/jwt", ada, Some(Malformed("content type"))),
            (200, "text/html", ada, Some(Malformed("content type"))),
            (200, json, "", Some(Malformed("not understood"))),
            (
                200,
                json,
                r#"{"name":"Ada"}"#,
                Some(Malformed("not understood")),
            ),
            (
                200,
                json,
                r#"{"sub":null}"#,
                Some(Malformed("not understood")),
            ),
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
