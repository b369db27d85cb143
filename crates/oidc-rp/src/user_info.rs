//! The userinfo endpoint (OpenID Connect Core 1.0, section 5.3): what the provider knows about the person now.

use crate::{
    Client,
    discovery::MetadataError,
    http_client::{Endpoint, HttpClientError, has_media_type},
};
use http::{
    StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use openidconnect::{AccessToken, AsyncHttpClient};
use shared::Claims;

/// Why there is no userinfo. The text has no claim's value.
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
    /// The answer is about somebody else (section 5.3.2).
    #[error("the userinfo response is about another person")]
    OtherPerson,
}

impl Client {
    /// Asks for the claims about the person whose `sub` the ID token gave. Written by hand, because the library
    /// panics on an access token that is no header value, and takes any content type.
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
            .map_err(|_| UserInfoError::Malformed("its address is not one"))?;
        let response = self.http.at(Endpoint::UserInfo).call(request).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(UserInfoError::Unauthorized),
            other => return Err(UserInfoError::Refused(other)),
        }
        // A signed answer (`application/jwt`) was not asked for.
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
}
