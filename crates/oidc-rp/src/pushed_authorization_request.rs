//! Pushed authorization requests (RFC 9126): the parameters go to the provider directly, and the browser carries only a
//! reference to them. Nobody can read or change them on the way.

use crate::{
    AuthorizationRequestError, Client, OAuthError, discovery::Metadata, http_client::Endpoint,
};
use http::StatusCode;
use openidconnect::HttpResponse;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

impl Client {
    /// Replaces a request by a reference to it, if the provider advertises that and the configuration allows it.
    pub(crate) async fn push(
        &self,
        metadata: &Metadata,
        request: Url,
    ) -> Result<Url, AuthorizationRequestError> {
        let endpoint = &metadata
            .additional_metadata()
            .pushed_authorization_request_endpoint;
        let Some(endpoint) = endpoint.as_ref().filter(|_| self.config.pushes_requests) else {
            return Ok(request);
        };
        let form = request.query().unwrap_or_default();
        let response = self
            .post_form(Endpoint::PushedAuthorization, endpoint, form)
            .await?;
        let request_uri = request_uri(&response)?;
        // Section 4: the client and the reference, nothing else.
        let mut url = metadata.authorization_endpoint().url().clone();
        url.query_pairs_mut()
            .append_pair("client_id", self.config.client_id.as_str())
            .append_pair("request_uri", &request_uri);
        Ok(url)
    }
}

/// A successful response (section 2.2).
#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
    expires_in: u64,
}

/// The error of a refusal (section 2.3).
fn refusal(response: &HttpResponse) -> OAuthError {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    OAuthError::read(body["error"].as_str().unwrap_or_default())
}

fn request_uri(response: &HttpResponse) -> Result<String, AuthorizationRequestError> {
    // Section 2.2 says 201; some providers answer 200.
    if !matches!(response.status(), StatusCode::CREATED | StatusCode::OK) {
        return Err(AuthorizationRequestError::Refused(refusal(response)));
    }
    let pushed = serde_json::from_slice(response.body()).ok();
    pushed
        .filter(|pushed: &Pushed| !pushed.request_uri.is_empty() && pushed.expires_in > 0)
        .map(|pushed| pushed.request_uri)
        .ok_or(AuthorizationRequestError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use AuthorizationRequestError::{Malformed, Refused};

    fn read(status: u16, body: &str) -> Result<String, AuthorizationRequestError> {
        let mut response = HttpResponse::new(body.as_bytes().to_vec());
        *response.status_mut() = status.try_into().unwrap();
        request_uri(&response)
    }

    #[test]
    fn a_request_uri_is_taken_from_a_complete_response_only() {
        let complete = r#"{"request_uri":"urn:1","expires_in":60}"#;
        for status in [200, 201] {
            assert_eq!(read(status, complete).unwrap(), "urn:1");
        }
        for status in [204, 303, 400, 401] {
            assert!(
                matches!(read(status, complete), Err(Refused(_))),
                "{status}"
            );
        }
        for wrong in [
            "",
            "null",
            r#"{"request_uri":"urn:1"}"#,
            r#"{"request_uri":"","expires_in":60}"#,
            r#"{"request_uri":null,"expires_in":60}"#,
            r#"{"request_uri":"urn:1","expires_in":0}"#,
            r#"{"request_uri":"urn:1","expires_in":-1}"#,
            r#"{"expires_in":60}"#,
        ] {
            assert!(matches!(read(201, wrong), Err(Malformed)), "{wrong}");
        }
    }
}
