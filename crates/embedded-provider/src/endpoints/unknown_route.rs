//! Unknown addresses.

use crate::{
    Provider, domain::oidc_error::OidcError, endpoints::shown_error::shown, error::ErrorResponse,
};
use axum::{
    extract::{MatchedPath, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri};

/// 404 or 405 of a path below `/api`, as Logto writes it.
pub(crate) fn of_api(matched: Option<&MatchedPath>) -> Response {
    match matched {
        Some(_) => (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response(),
        None => (StatusCode::NOT_FOUND, "Not Found").into_response(),
    }
}

/// The same for every path of the administration.
pub(crate) async fn of_administration(matched: Option<MatchedPath>) -> Response {
    of_api(matched.as_ref())
}

/// 404: a protocol error for programs, a page for people.
pub(crate) async fn any(
    State(provider): State<Provider>,
    matched: Option<MatchedPath>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    if path.starts_with("/api/") {
        return of_api(matched.as_ref());
    }
    let error = OidcError::UnknownRoute {
        method: method.to_string(),
        path: path.strip_prefix("/oidc").unwrap_or(path).to_owned(),
    };
    let body = ErrorResponse::from(error.clone());
    shown(&provider, &headers, None, &error, body)
}
