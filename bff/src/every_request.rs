//! What happens to every request, whatever it is for. One layer for all of it: each layer of the router costs more than
//! most of these do.

use crate::{AppState, access_log::Asked, problem_bodies::Words, request_id};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use std::time::Duration;

/// No answer takes longer; what waits for the provider has shorter limits of its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Names the request for the log. Within: a time-out, a body for an error that a layer answered without one, the headers, and
/// the log's line.
pub(crate) async fn answer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    request_id::named(async {
        let asked = Asked::of(&request);
        let words = Words::for_who_asks(&request);
        let in_time = tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await;
        let response = in_time.unwrap_or_else(|_| StatusCode::GATEWAY_TIMEOUT.into_response());
        let mut response = words.complete(&app.page, response);
        app.security_headers.add(&mut response);
        asked.note(&app.metrics.requests, response.status());
        response
    })
    .await
}
