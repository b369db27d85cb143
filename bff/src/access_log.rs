//! One line per request: method, path, status, milliseconds. Never the query, for a callback's has the code;
//! never a header, for cookies are there. The same answer is counted for operators.

use crate::{AppState, log_text};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use std::time::Instant;

/// What a line holds of a method and of a path.
const LONGEST_METHOD: usize = 16;
const LONGEST_PATH: usize = 256;

pub(crate) async fn write(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (verb, route) = (
        request.method().clone(),
        request.extensions().get().cloned(),
    );
    let method = log_text::word(request.method().as_str(), LONGEST_METHOD);
    let path = log_text::word(request.uri().path(), LONGEST_PATH);
    let response = next.run(request).await;
    let ms = (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    tracing::info!(event = "request", %method, path, status = response.status().as_u16(), ms);
    let route = route.as_ref().map(MatchedPath::as_str);
    app.metrics
        .requests
        .count(&verb, route, response.status().as_u16());
    response
}
