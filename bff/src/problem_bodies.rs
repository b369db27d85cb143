//! Errors that layers and libraries answer by themselves (a body too large, a time-out, a file that is not
//! there) get the body that all our errors have.

use crate::error::problem_response;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use shared::{Problem, ProblemCode};

pub(crate) async fn complete(response: Response) -> Response {
    match code_of(response.status()) {
        Some(code) if !has_words(response.headers()) => problem_response(&Problem::new(code)),
        _ => response,
    }
}

fn code_of(status: StatusCode) -> Option<ProblemCode> {
    ProblemCode::ALL
        .iter()
        .copied()
        .filter(|code| is_made_by_a_layer(*code))
        .find(|code| code.status() == status.as_u16())
}

fn is_made_by_a_layer(code: ProblemCode) -> bool {
    use ProblemCode as Code;
    matches!(
        code,
        Code::NotFound
            | Code::MethodNotAllowed
            | Code::PayloadTooLarge
            | Code::TimedOut
            | Code::Internal
    )
}

/// A page, or a problem that a handler made.
fn has_words(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    kind.starts_with(b"text/html") || kind.starts_with(b"application/problem+json")
}
