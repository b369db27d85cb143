//! The authorization endpoint, `/oidc/auth` (OpenID Connect Core 1.0, section 3.1.2).

use crate::{
    Provider, cookies,
    domain::{
        authorization_request::{AuthorizationError, AuthorizationRequest},
        next_step::Done,
        oidc_error::OidcError,
        parameters::Parameters,
    },
    endpoints::{answer, form::Form, shown_error::shown},
    error::ErrorAnswer,
    flows::{authorize, hint},
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

/// The request as a query.
pub(crate) async fn get(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    authorize(&provider, &headers, &parameters).await
}

/// The request as a form.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    authorize(&provider, &headers, &parameters).await
}

async fn authorize(provider: &Provider, headers: &HeaderMap, parameters: &Parameters) -> Response {
    let user_of_hint = |hint: &str, client_id: &str| hint::user(provider, hint, client_id);
    let request =
        match AuthorizationRequest::parse(parameters, &provider.applications, user_of_hint) {
            Ok(request) => request,
            Err(AuthorizationError::Sent { error, target }) => {
                return answer::authorization_response(target.error(&error, provider.issuer()));
            }
            Err(AuthorizationError::Shown { error, state }) => {
                let body =
                    ErrorAnswer::from(error.clone()).of_authorization(state, provider.issuer());
                let client_id = parameters.optional("client_id").ok().flatten();
                return shown(provider, headers, client_id, &error, body);
            }
        };
    begin(provider, headers, &request)
        .await
        .unwrap_or_else(|error| {
            answer::authorization_response(request.target.error(&error, provider.issuer()))
        })
}

async fn begin(
    provider: &Provider,
    headers: &HeaderMap,
    request: &AuthorizationRequest,
) -> Result<Response, OidcError> {
    let secret = cookies::read(headers, cookies::SESSION);
    let session = authorize::session(provider, secret).await?;
    let step = authorize::proceed(provider, request, session.as_ref(), Done::default()).await?;
    let secret = secret.filter(|_| session.is_some());
    Ok(answer::of_step(provider, step, secret))
}
