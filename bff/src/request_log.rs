//! For each request an id, a line in the log and a count.

use crate::metrics::Counts;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use rand::RngExt;
use std::time::Instant;
use telemetry::log_text;
use tracing::Instrument;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_METHOD: usize = 16;
const LONGEST_PATH: usize = 256;

/// Gives a request an id, in its response and in each line that it leaves in the log, so that a person who reports a fault can
/// name these lines. An id that the client sent is ignored: it could be anything, and come twice.
pub(crate) async fn name(request: Request, next: Next) -> Response {
    let request_id = hex::encode(rand::rng().random::<[u8; 8]>());
    // The span has the highest level, so that no filter of the log takes the id from an error.
    let span = tracing::error_span!("request", %request_id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

/// Writes one line for a request, and counts it.
pub(crate) async fn log(
    State(requests): State<Counts<3>>,
    request: Request,
    next: Next,
) -> Response {
    let entry = AccessLogEntry::begin(&request);
    let response = next.run(request).await;
    let status = response.status();
    requests.count(&entry.method, entry.route.as_ref(), status);
    entry.write(status);
    response
}

/// A line of the log: method, path, status, milliseconds. Never the query, which holds the code of a callback, and never a
/// header, which may hold cookies.
struct AccessLogEntry {
    begun: Instant,
    method: Method,
    uri: Uri,
    route: Option<MatchedPath>,
}

impl AccessLogEntry {
    fn begin(request: &Request) -> Self {
        Self {
            begun: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get().cloned(),
        }
    }

    fn write(&self, status: StatusCode) {
        tracing::info!(
            event = "request",
            method = %log_text::word(self.method.as_str(), LONGEST_METHOD),
            path = log_text::word(self.uri.path(), LONGEST_PATH),
            status = status.as_u16(),
            ms = (self.begun.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
        );
    }
}
