//! Responses: JSON as Logto writes it, redirects, cookies.

use crate::{
    Provider, cookies,
    domain::{lifetime, response_mode::AuthorizationResponse},
    flows::authorize::Step,
    pages,
    store::Kind,
};
use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION, SET_COOKIE},
};
use serde::Serialize;

/// The content type of JSON, as Logto writes it.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// A JSON response.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// A redirect with status 303: the browser follows with GET.
pub(crate) fn see_other(location: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, location)
}

/// A redirect to one of our addresses or to a registered one.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (status, [(LOCATION, location)]).into_response(),
        // Addresses with characters that a header cannot contain are refused earlier.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds cookies to a response.
pub(crate) fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The response for a step, with the cookies of its interaction and of its session.
pub(crate) fn of_step(provider: &Provider, step: Step, session_secret: Option<&str>) -> Response {
    let now = provider.clock.now();
    let jar = provider.cookies;
    let session =
        session_secret.map(|secret| jar.set(cookies::SESSION, secret, "/", now, lifetime::SESSION));
    match step {
        Step::Interact {
            kind,
            interaction_id,
            secret,
            location,
        } => {
            let resume_path = format!("/oidc/auth/{interaction_id}");
            let set = |name, path| jar.set(name, &secret, path, now, lifetime::INTERACTION);
            let mut cookies = vec![set(cookies::INTERACTION_RESUME, &resume_path)];
            // Consent is given without a page, and another tab may be on the sign-in page.
            if kind == Kind::SignIn {
                cookies.insert(0, set(cookies::INTERACTION, "/"));
            }
            cookies.extend(session);
            with_cookies(see_other(&location), cookies)
        }
        Step::Respond(response) => with_cookies(
            authorization_response(response),
            session.into_iter().collect(),
        ),
    }
}

/// The authorization response, as a redirect or as a form that the browser posts.
pub(crate) fn authorization_response(response: AuthorizationResponse) -> Response {
    match response {
        AuthorizationResponse::Redirect(location) => see_other(&location),
        AuthorizationResponse::FormPost { action, fields } => pages::form_post(&action, &fields),
    }
}
