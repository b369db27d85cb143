//! The introspection endpoint, `/oidc/token/introspection` (RFC 7662).

use crate::{
    Provider,
    domain::{oidc_error::OidcError, parameters::Parameters, structured_token},
    endpoints::{
        form::Form,
        response,
        token::{authenticate, client_error},
    },
    error::ErrorResponse,
    flows::introspection::{self, Introspection},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};

/// Says whether a token is active, and what it is for.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, ErrorResponse> {
    let found = introspect(&provider, &headers, &form)
        .await
        .map_err(|error| client_error(&provider, error))?;
    Ok(response::json(StatusCode::OK, &found))
}

async fn introspect(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Introspection, OidcError> {
    authenticate(provider, headers, form).await?;
    let token = form.required("token")?;
    structured_token::refuse(token, "introspection")?;
    introspection::introspect(provider, token).await
}
