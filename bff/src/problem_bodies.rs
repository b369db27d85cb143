//! Errors that layers and libraries answer by themselves (a body too large, a time-out, a panic, a file that is not
//! there) get the body that all our errors have: the page for a person, data for a program.

use crate::{
    AppState, error::problem_response, language::Language, navigation::wants_page,
    session::cookie::Cookies,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use shared::{Problem, ProblemCode};

pub(crate) async fn complete(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let page_in = wants_page(request.headers())
        .then(|| Language::of(request.headers(), &Cookies::read(request.headers())));
    let response = next.run(request).await;
    let code = code_of(response.status()).filter(|_| !has_words(response.headers()));
    let Some(problem) = code.map(Problem::new) else {
        return response;
    };
    let mut completed = match page_in {
        None => problem_response(&problem),
        // Without a status, for nobody asked the store.
        Some(language) => app.page.show_problem(language, None, &problem),
    };
    // A 405 says what is allowed (RFC 9110, section 15.5.6).
    if let Some(allowed) = response.headers().get(ALLOW) {
        completed.headers_mut().insert(ALLOW, allowed.clone());
    }
    completed
}

fn code_of(status: StatusCode) -> Option<ProblemCode> {
    Some(match status {
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::PayloadTooLarge,
        StatusCode::GATEWAY_TIMEOUT => ProblemCode::TimedOut,
        StatusCode::INTERNAL_SERVER_ERROR => ProblemCode::Internal,
        _ => return None,
    })
}

/// A page, or a problem that a handler made.
fn has_words(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    kind.starts_with(b"text/html") || kind.starts_with(b"application/problem+json")
}
