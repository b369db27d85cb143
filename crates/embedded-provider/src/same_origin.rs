//! Protection against cross-site request forgery. A browser sends the origin of the page in `Origin`, and only our own
//! origin is accepted. A program that is not a browser sends no `Origin` and is let through.

use crate::{Provider, domain::experience_error::ExperienceError, error::ErrorResponse};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::ORIGIN;

/// Refuses a request of a page of another origin.
pub(crate) async fn require(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let foreign = request
        .headers()
        .get(ORIGIN)
        .is_some_and(|origin| origin != provider.endpoint.origin.as_str());
    if foreign {
        return ErrorResponse::from(ExperienceError::Forbidden).into_response();
    }
    next.run(request).await
}
