//! Addresses that continue a sign-in or a sign-out are for a person's visit. A preload, a frame, an image or a script's
//! request of the same address must use nothing up, as far as the browser says what it is (Fetch Metadata).

use crate::{
    Provider, domain::oidc_error::OidcError, endpoints::shown_error::shown, error::ErrorResponse,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header::ALLOW};

/// Refuses what is not a top-level navigation. A browser or program that says nothing passes. `methods` are those of the
/// address.
pub(crate) async fn require(
    State((provider, methods)): State<(Provider, &'static str)>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() == Method::HEAD {
        // axum would run the handler of GET.
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, methods)]).into_response();
    }
    if is_top_level(request.headers()) {
        return next.run(request).await;
    }
    let error = OidcError::NotANavigation;
    let body = ErrorResponse::from(error.clone());
    shown(&provider, request.headers(), None, &error, body)
}

fn is_top_level(headers: &HeaderMap) -> bool {
    let is_or_unsaid =
        |name: &str, expected: &str| headers.get(name).is_none_or(|value| value == expected);
    let is_preload = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|purpose| {
            ["prefetch", "prerender", "preview"]
                .iter()
                .any(|kind| purpose.contains(kind))
        });
    is_or_unsaid("sec-fetch-mode", "navigate")
        && is_or_unsaid("sec-fetch-dest", "document")
        && !is_preload
}
