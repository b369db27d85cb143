//! The single-page app at every page path, and what is shown where there is nothing.

use crate::{
    AppState,
    error::{Error, problem_response},
    page::reader::Reader,
    return_to::see_other,
    session::layer::CurrentSession,
};
use axum::{extract::State, response::Response};
use http::{HeaderValue, Method, header::ALLOW};
use oidc_rp::is_return_from_end_session;
use shared::{AuthStatus, ProblemCode, path};

/// The page of the frontend, for any path that looks like a page's.
pub(crate) async fn show(
    State(app): State<AppState>,
    session: CurrentSession,
    reader: Reader,
    method: Method,
) -> Response {
    let uri = &reader.uri;
    if !is_page_path(uri.path()) {
        let error = Error::Refused(ProblemCode::NotFound);
        return refuse(&app, &session, &reader, &error).await;
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        let error = Error::Refused(ProblemCode::MethodNotAllowed);
        let refused = refuse(&app, &session, &reader, &error).await;
        return allow(refused, "GET,HEAD");
    }
    if uri.path() == path::HOME && uri.query().is_some_and(is_return_from_end_session) {
        // The address bar need not keep the protocol's words.
        return see_other(path::HOME);
    }
    match visit(&app, &session).await {
        Ok(status) => app.pages.show(&reader, &status),
        // Without an answer of the store the page gets no status, rather than a wrong "signed out".
        Err(error) => answer(&app, &reader, None, &error),
    }
}

/// Adds the methods that are allowed to a 405 (RFC 9110, section 15.5.6).
pub(crate) fn allow(mut refused: Response, methods: &'static str) -> Response {
    let methods = HeaderValue::from_static(methods);
    refused.headers_mut().insert(ALLOW, methods);
    refused
}

/// The answer to a request that did not work: the page in words for a person, data for a program.
pub(crate) async fn refuse(
    app: &AppState,
    session: &CurrentSession,
    reader: &Reader,
    error: &Error,
) -> Response {
    let status = if reader.wants_page {
        visit(app, session).await.ok()
    } else {
        None
    };
    answer(app, reader, status.as_ref(), error)
}

fn answer(app: &AppState, reader: &Reader, status: Option<&AuthStatus>, error: &Error) -> Response {
    error.log();
    if reader.wants_page {
        app.pages.show_problem(reader, status, &error.problem())
    } else {
        problem_response(&error.problem())
    }
}

/// The status of the visitor. A visit keeps the session alive.
async fn visit(app: &AppState, session: &CurrentSession) -> Result<AuthStatus, Error> {
    let visited = session.visit().await?;
    let (now, lifetimes) = (app.clock.unix(), &app.sessions.lifetimes);
    Ok(visited.map_or(AuthStatus::SignedOut, |(_, who)| who.status(now, lifetimes)))
}

/// A page's path has no file name: no dot in its last segment, nothing hidden, nothing encoded that could be a path.
fn is_page_path(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let encoded = ["%00", "%2e", "%2f", "%5c"]
        .iter()
        .any(|code| path.contains(code));
    !path.contains("/.") && !last.contains('.') && !encoded
}

pub(crate) async fn nothing_here() -> Error {
    Error::Refused(ProblemCode::NotFound)
}

pub(crate) async fn method_not_allowed() -> Error {
    Error::Refused(ProblemCode::MethodNotAllowed)
}
