//! Cross-site request forgery: a browser names the page that sends a request in `Origin`, and only ours may. A script
//! outside a browser sends no `Origin` and passes.

use crate::{Provider, domain::experience_error::ExperienceError, error::ErrorAnswer};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header::ORIGIN;

/// Refuses the request of a foreign page.
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
        return ErrorAnswer::from(ExperienceError::Forbidden).into_response();
    }
    next.run(request).await
}
