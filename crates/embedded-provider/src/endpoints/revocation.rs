//! The revocation endpoint, `/oidc/token/revocation` (RFC 7009).

use crate::{
    Provider,
    domain::{oidc_error::OidcError, parameters::Parameters, structured_token},
    endpoints::{
        form::Form,
        token::{authenticate, client_error},
    },
    error::ErrorResponse,
    flows::revocation,
};
use axum::extract::State;
use http::{HeaderMap, StatusCode};

/// Revokes a token of the application. The response does not reveal whether the token existed.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<StatusCode, ErrorResponse> {
    revoke(&provider, &headers, &form)
        .await
        .map_err(|error| client_error(&provider, error))?;
    Ok(StatusCode::OK)
}

async fn revoke(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<(), OidcError> {
    let application = authenticate(provider, headers, form).await?;
    let token = form.required("token")?;
    structured_token::refuse(token, "revocation")?;
    revocation::revoke(provider, &application, token).await
}
