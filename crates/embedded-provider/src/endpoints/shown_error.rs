//! Errors of addresses that a browser visits: a page for people, JSON for programs.

use crate::{
    Provider,
    domain::{language, oidc_error::OidcError},
    error::ErrorResponse,
    pages,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

/// Shows an error. `application` is the id of the application that the person came from, if the request names it.
pub(crate) fn shown(
    provider: &Provider,
    headers: &HeaderMap,
    application: Option<&str>,
    error: &OidcError,
    response: ErrorResponse,
) -> Response {
    if !wants_page(headers) {
        return response.into_response();
    }
    let preferred = language::preferred_tags(
        None,
        accept_language(headers),
        &provider.experience.language_info,
    );
    pages::error(
        response.status(),
        language::choose(&preferred),
        provider.applications.named_or_only(application),
        error,
    )
}

/// The header `Accept-Language`.
pub(crate) fn accept_language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
