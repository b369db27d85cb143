//! Errors that layers and libraries answer by themselves (an address or body that cannot be read, a body too large, a
//! time-out, a panic, a file that is not there) get the body that all our errors have: the page for a person, data for a
//! program.

use crate::{
    error::problem_response,
    page::{Page, audience::Audience},
};
use axum::{extract::Request, response::Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use shared::{Problem, ProblemCode};

/// In which words a client is answered: on a page for a person, else as data.
pub(crate) struct Words(Option<Audience>);

impl Words {
    pub(crate) fn for_who_asks(request: &Request) -> Self {
        Self(Audience::of_page_request(request))
    }

    /// The answer, with a body of ours if it is an error without one.
    pub(crate) fn complete(self, page: &Page, response: Response) -> Response {
        let code = code_of(response.status()).filter(|_| !has_words(response.headers()));
        let Some(problem) = code.map(Problem::new) else {
            return response;
        };
        let mut completed = match self.0 {
            None => problem_response(&problem),
            // Without a status, for nobody asked the store.
            Some(audience) => page.show_problem(&audience, None, &problem),
        };
        // A 405 says what is allowed (RFC 9110, section 15.5.6).
        if let Some(allowed) = response.headers().get(ALLOW) {
            completed.headers_mut().insert(ALLOW, allowed.clone());
        }
        completed
    }
}

fn code_of(status: StatusCode) -> Option<ProblemCode> {
    Some(match status {
        StatusCode::BAD_REQUEST => ProblemCode::InvalidRequest,
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
