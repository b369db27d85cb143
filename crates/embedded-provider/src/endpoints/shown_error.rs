//! Errors of addresses that a browser visits: a page for people, JSON for programs.

use crate::{
    Provider, cookies,
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
    let preferred = preferred_languages(provider, headers, None);
    let applications = &provider.tenant().applications;
    let error = match error {
        OidcError::UnknownClient(_) if applications.is_empty() => {
            &OidcError::NotSetUp("the tenant has no application")
        }
        error => error,
    };
    pages::error(
        response.status(),
        language::choose(&preferred),
        applications.named_or_only(application).as_deref(),
        error,
    )
}

/// The tags of the languages that the person reads, best first.
pub(crate) fn preferred_languages(
    provider: &Provider,
    headers: &HeaderMap,
    ui_locales: Option<&str>,
) -> Vec<String> {
    language::preferred_tags(
        ui_locales,
        cookies::read(headers, cookies::LANGUAGE),
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|accepted| accepted.to_str().ok()),
        &provider.tenant().experience.language_info,
    )
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
