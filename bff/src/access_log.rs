//! One line per request: method, path, status, milliseconds. Never the query, for a callback's has the code;
//! never a header, for cookies are there.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

pub(crate) async fn write(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let ms = (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    tracing::info!(event = "request", %method, path, status = response.status().as_u16(), ms);
    response
}
