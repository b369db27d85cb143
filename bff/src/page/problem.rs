//! Bodies of errors that layers and libraries respond with: an address or body that cannot be read, a body too large, a
//! timeout, a panic, a missing file. They get the body that all our errors have: the page for a person, JSON for a program.

use crate::{
    error::problem_response,
    page::{Pages, reader::Reader},
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
use std::sync::Arc;

/// Marks a response of an API, as an extension: its body stays, whatever its status.
#[derive(Clone, Copy)]
pub(crate) struct OfApi;

/// A layer that gives each error a body.
pub(crate) async fn render(
    State(page): State<Arc<Pages>>,
    request: Request,
    next: Next,
) -> Response {
    let renderer = ErrorRenderer::for_client_of(&request);
    renderer.render(&page, next.run(request).await)
}

/// Renders errors on a page for this reader, or as JSON if there is none.
struct ErrorRenderer(Option<Reader>);

impl ErrorRenderer {
    fn for_client_of(request: &Request) -> Self {
        Self(Reader::of_page_request(request))
    }

    /// The response, with a body of ours if it is an error without one.
    fn render(self, page: &Pages, response: Response) -> Response {
        if response.extensions().get::<OfApi>().is_some() {
            return response; // An API's own words are for the page that asked.
        }
        // Layers that cannot draw a page leave the problem beside their JSON.
        let refused = response
            .extensions()
            .get::<Problem>()
            .filter(|_| self.0.is_some());
        let without_body = || {
            let code = code_of(response.status()).filter(|_| !has_body_of_ours(response.headers()));
            code.map(Problem::new)
        };
        let Some(problem) = refused.cloned().or_else(without_body) else {
            return response;
        };
        let mut rendered = match self.0 {
            None => problem_response(&problem),
            // Without an auth status: no session has been loaded.
            Some(reader) => page.show_problem(&reader, None, &problem),
        };
        // A 405 lists the allowed methods (RFC 9110, section 15.5.6).
        if let Some(allowed) = response.headers().get(ALLOW) {
            rendered.headers_mut().insert(ALLOW, allowed.clone());
        }
        rendered
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

/// Whether a handler has rendered the error: a page, or a problem.
fn has_body_of_ours(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    kind.starts_with(b"text/html") || kind.starts_with(b"application/problem+json")
}
