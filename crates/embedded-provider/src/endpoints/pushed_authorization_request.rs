//! The pushed authorization request endpoint, `/oidc/request` (RFC 9126, section 2).

use crate::{
    Provider,
    domain::{
        authorization_request::{AuthorizationError, AuthorizationRequest},
        lifetime::PUSHED_REQUEST,
        oidc_error::OidcError,
        parameters::Parameters,
    },
    endpoints::{
        form::Form,
        response,
        token::{authenticate, client_error},
    },
    error::ErrorResponse,
    flows::{hint, pushed_request},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;

/// Checks a request as the authorization endpoint would, and responds with a reference to it.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, ErrorResponse> {
    let request_uri = push(&provider, &headers, &form)
        .await
        .map_err(|error| client_error(&provider, error))?;
    let body = json!({"request_uri": request_uri, "expires_in": PUSHED_REQUEST});
    Ok(response::json(StatusCode::CREATED, &body))
}

async fn push(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<String, OidcError> {
    let application = authenticate(provider, headers, form).await?;
    let request = Parameters::parse(&form.as_pushed_by(&application.id));
    let user_of_hint = |hint: &str, client_id: &str| hint::user(provider, hint, client_id);
    AuthorizationRequest::parse(&request, &provider.tenant().applications, user_of_hint).map_err(
        |error| match error {
            AuthorizationError::Shown { error, .. } | AuthorizationError::Sent { error, .. } => {
                error
            }
        },
    )?;
    pushed_request::keep(provider, &application, form).await
}
