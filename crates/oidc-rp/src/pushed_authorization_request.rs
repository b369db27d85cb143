//! Pushed authorization requests (RFC 9126): the parameters go to the provider behind the browser's back, which
//! then carries only a reference to them. Nobody can read or change them on the way.

use crate::{
    Client,
    discovery::Metadata,
    http_client::{Endpoint, HttpClientError},
};
use http::StatusCode;
use serde::Deserialize;
use url::Url;

/// Why the provider did not take the request.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// There was no response.
    #[error(transparent)]
    Http(#[from] HttpClientError),
    /// For `invalid_client` and `invalid_redirect_uri` an operator must act.
    #[error("the pushed authorization request was refused with status {0}")]
    Refused(StatusCode),
    /// The response is not that of section 2.2.
    #[error("the answer to the pushed authorization request is wrong")]
    Malformed,
}

/// A successful answer (section 2.2).
#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
    expires_in: u64,
}

impl Client {
    /// The same authorization request by reference, when the provider advertises that and the settings do not forbid it.
    pub(crate) async fn push(&self, metadata: &Metadata, request: Url) -> Result<Url, PushError> {
        let endpoint = &metadata
            .additional_metadata()
            .pushed_authorization_request_endpoint;
        let Some(endpoint) = endpoint.as_ref().filter(|_| self.config.pushes_requests) else {
            return Ok(request);
        };
        let response = self
            .post_form(
                (Endpoint::PushedAuthorization, endpoint),
                request.query().unwrap_or_default(),
            )
            .await?;
        // Section 2.2 says 201; some providers answer 200.
        if !matches!(response.status(), StatusCode::CREATED | StatusCode::OK) {
            return Err(PushError::Refused(response.status()));
        }
        let pushed: Pushed =
            serde_json::from_slice(response.body()).map_err(|_| PushError::Malformed)?;
        if pushed.request_uri.is_empty() || pushed.expires_in == 0 {
            return Err(PushError::Malformed);
        }
        Ok(self.by_reference(metadata, &pushed.request_uri))
    }

    /// Section 4: the client and the reference, nothing else.
    fn by_reference(&self, metadata: &Metadata, request_uri: &str) -> Url {
        let mut url = metadata.authorization_endpoint().url().clone();
        url.query_pairs_mut()
            .append_pair("client_id", self.config.client_id.as_str())
            .append_pair("request_uri", request_uri);
        url
    }
}
