//! A name for each request, in every line that it leaves in the log and in its answer: a person who reports a fault can
//! say which lines are about it.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use rand::RngExt;
use tracing::{Instrument, Span};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Always a fresh one: what a client sent could be anything, and twice the same.
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn random() -> Self {
        Self(hex::encode(rand::rng().random::<[u8; 8]>()))
    }

    /// What is logged in this span is about the request.
    pub(crate) fn span(&self) -> Span {
        // Of the highest level, so that no choice of what is logged leaves an error without its request.
        tracing::error_span!("request", request_id = %self.0)
    }

    pub(crate) fn give(self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::try_from(self.0) {
            headers.insert(HEADER, value);
        }
    }
}

/// A layer that gives each request its name, and does no more.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let request_id = RequestId::random();
    let mut response = next.run(request).instrument(request_id.span()).await;
    request_id.give(response.headers_mut());
    response
}
