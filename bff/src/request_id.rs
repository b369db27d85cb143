//! A name for each request, in every line that it leaves in the log and in its answer: a person who reports a fault can
//! say which lines are about it.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use rand::RngExt;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request its name while it is answered. Always a fresh one: what a client sent could be anything, and twice the
/// same.
pub(crate) async fn named(answering: impl Future<Output = Response>) -> Response {
    let request_id = hex::encode(rand::rng().random::<[u8; 8]>());
    // Of the highest level, so that no choice of what is logged leaves an error without its request.
    let span = tracing::error_span!("request", %request_id);
    let mut response = answering.instrument(span).await;
    if let Ok(value) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// A layer that gives each request its name, and does no more.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    named(next.run(request)).await
}
