//! Unknown addresses.

use crate::{
    Provider, domain::oidc_error::OidcError, endpoints::shown_error::shown, error::ErrorResponse,
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, Method, Uri};

/// 404: a protocol error for programs, a page for people.
pub(crate) async fn any(
    State(provider): State<Provider>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    let error = OidcError::UnknownRoute {
        method: method.to_string(),
        path: path.strip_prefix("/oidc").unwrap_or(path).to_owned(),
    };
    let body = ErrorResponse::from(error.clone());
    shown(&provider, &headers, None, &error, body)
}
