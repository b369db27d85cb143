//! The redirects between the pages and the client: consent, and continuing after the pages.

use crate::{
    Provider, cookies,
    domain::{oidc_error::OidcError, parameters::Parameters},
    endpoints::{response, shown_error::shown},
    error::ErrorResponse,
    flows::{
        consent,
        resume::{self, Resumed},
    },
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

/// `GET /oidc/auth/{id}`: continues after the pages, or after consent.
pub(crate) async fn resume(
    State(provider): State<Provider>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let interaction = cookies::read(&headers, cookies::INTERACTION_RESUME);
    let session = cookies::read(&headers, cookies::SESSION);
    match resume::resume(&provider, &id, interaction, session).await {
        Ok(Resumed::Unfinished { location }) => response::see_other(&location),
        Ok(Resumed::Onward {
            step,
            new_session_secret,
        }) => {
            let secret = new_session_secret.as_deref().or(session);
            let response = response::of_step(&provider, step, secret);
            let path = format!("/oidc/auth/{id}");
            let gone = provider.cookies.remove(cookies::INTERACTION_RESUME, &path);
            response::with_cookies(response, vec![gone])
        }
        Err(error) => show(&provider, &headers, error),
    }
}

/// `GET /consent`: gives consent for the person, as Logto does for applications of its own tenant.
pub(crate) async fn consent(
    State(provider): State<Provider>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let interaction_id = parameters.optional("interaction").ok().flatten();
    let session = cookies::read(&headers, cookies::SESSION);
    match consent::consent(&provider, interaction_id, session).await {
        Ok(path) => response::redirect(StatusCode::FOUND, &provider.endpoint.address(&path)),
        Err(error) => show(&provider, &headers, error),
    }
}

fn show(provider: &Provider, headers: &HeaderMap, error: OidcError) -> Response {
    let body = ErrorResponse::from(error.clone());
    shown(provider, headers, None, &error, body)
}
