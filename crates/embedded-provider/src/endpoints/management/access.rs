//! Who may use the Management API: a request with an access token for it.

use crate::{
    Provider, error::ErrorResponse, flows::management::access::check, provider::Administration,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::AUTHORIZATION;
use std::sync::Arc;

/// Refuses a request without an access token, before anything else is looked at.
pub(crate) async fn require(
    State((provider, administration)): State<(Provider, Arc<Administration>)>,
    request: Request,
    next: Next,
) -> Response {
    let authorization = request.headers().get(AUTHORIZATION);
    let authorization = authorization.map(http::HeaderValue::as_bytes);
    match check(&provider, &administration, authorization) {
        Ok(()) => next.run(request).await,
        Err(error) => ErrorResponse::from(error).into_response(),
    }
}
