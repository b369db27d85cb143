//! One line per request: method, path, status, milliseconds. Never the query, for a callback's has the code;
//! never a header, for cookies are there. The same answer is counted for operators.

use crate::{log_text, metrics::Requests};
use axum::extract::{MatchedPath, Request};
use http::{Method, StatusCode, Uri};
use std::time::Instant;

const LONGEST_METHOD: usize = 16;
const LONGEST_PATH: usize = 256;

/// What is known of a request before it is answered.
pub(crate) struct Asked {
    at: Instant,
    method: Method,
    uri: Uri,
    route: Option<MatchedPath>,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            at: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get().cloned(),
        }
    }

    /// Writes the line, and counts the request.
    pub(crate) fn note(self, requests: &Requests, status: StatusCode) {
        let status = status.as_u16();
        tracing::info!(
            event = "request",
            method = %log_text::word(self.method.as_str(), LONGEST_METHOD),
            path = log_text::word(self.uri.path(), LONGEST_PATH),
            status,
            ms = (self.at.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
        );
        let route = self.route.as_ref().map(MatchedPath::as_str);
        requests.count(&self.method, route, status);
    }
}
