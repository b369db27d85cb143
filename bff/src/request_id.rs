//! A name for each request, in every line that it leaves in the log and in its answer: a person who reports a fault can
//! say which lines are about it.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use rand::RngExt;
use tracing::{Instrument, Span};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of one request.
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// Always a fresh one: what a client sent could be anything, and twice the same.
    pub(crate) fn new() -> Self {
        let name = hex::encode(rand::rng().random::<[u8; 8]>());
        Self(HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("")))
    }

    /// What is logged within has the name.
    pub(crate) fn span(&self) -> Span {
        let request_id = self.0.to_str().unwrap_or_default();
        // Of the highest level, so that no choice of what is logged leaves an error without its request.
        tracing::error_span!("request", %request_id)
    }

    /// Gives an answer the name.
    pub(crate) fn write_on(self, response: &mut Response) {
        response.headers_mut().insert(HEADER, self.0);
    }
}

/// A layer for the operators' address, where this is all that every request has.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let request_id = RequestId::new();
    let mut response = next.run(request).instrument(request_id.span()).await;
    request_id.write_on(&mut response);
    response
}
