//! Logs one line per request: method, route, status, duration in milliseconds. It logs the route's pattern and not the
//! address, so that no id, query or other input gets into the log.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::time::Instant;

/// Logs one request.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let ms = (began.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    tracing::info!(
        %method,
        path = route.as_ref().map_or("(no such path)", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms,
    );
    response
}
