//! An error of a page that a browser went to: a page for people, JSON for programs.

use crate::{
    Provider,
    domain::{language, oidc_error::OidcError},
    error::ErrorAnswer,
    pages,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

/// Shows an error; `application` is whom the person came from, if the request says so.
pub(crate) fn shown(
    provider: &Provider,
    headers: &HeaderMap,
    application: Option<&str>,
    error: &OidcError,
    answer: ErrorAnswer,
) -> Response {
    if !wants_page(headers) {
        return answer.into_response();
    }
    let wished = language::wished_tags(
        None,
        accept_language(headers),
        &provider.experience.language_info,
    );
    pages::error(
        answer.status(),
        language::choose(&wished),
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
