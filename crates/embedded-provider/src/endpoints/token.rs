//! The token endpoint, `/oidc/token` (RFC 6749, section 3.2).

use crate::{
    Provider,
    domain::{application::Application, oidc_error::OidcError, parameters::Parameters},
    endpoints::{form::Form, response},
    error::ErrorResponse,
    flows::{
        client_authentication, code_exchange, management::access, refresh, tokens::TokenResponse,
    },
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use std::sync::Arc;

/// Exchanges a code or a refresh token for tokens.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, ErrorResponse> {
    let tokens = grant(&provider, &headers, &form).await;
    tokens.map_err(|error| client_error(&provider, error))
}

async fn grant(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, OidcError> {
    let application = authenticate(provider, headers, form).await?;
    let grant_type = form.required("grant_type")?;
    if application.is_machine && grant_type == "client_credentials" {
        let token = access::issue_to_application(provider, &application, form).await?;
        return Ok(response::json(StatusCode::OK, &token));
    }
    let tokens = grant_of_person(provider, &application, grant_type, form).await?;
    Ok(response::json(StatusCode::OK, &tokens))
}

async fn grant_of_person(
    provider: &Provider,
    application: &Application,
    grant_type: &str,
    form: &Parameters,
) -> Result<TokenResponse, OidcError> {
    if form.has("resource") {
        return Err(OidcError::InvalidTarget);
    }
    match grant_type {
        // A machine has no person who could have allowed it something.
        "authorization_code" | "refresh_token" if application.is_machine => Err(
            OidcError::invalid_request("requested grant type is not allowed for this client"),
        ),
        "authorization_code" => code_exchange::exchange(provider, application, form).await,
        "refresh_token" => refresh::refresh(provider, application, form).await,
        // Logto supports these, but not for a web application.
        "implicit"
        | "client_credentials"
        | "urn:ietf:params:oauth:grant-type:device_code"
        | "urn:ietf:params:oauth:grant-type:token-exchange" => Err(OidcError::invalid_request(
            "requested grant type is not allowed for this client",
        )),
        _ => Err(OidcError::UnsupportedGrantType),
    }
}

/// Authenticates the application by its secret.
pub(crate) async fn authenticate(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Arc<Application>, OidcError> {
    client_authentication::authenticate(provider, authorization(headers)?, form).await
}

/// The header `Authorization`.
pub(crate) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, OidcError> {
    let header = headers.get(AUTHORIZATION).map(http::HeaderValue::to_str);
    header
        .transpose()
        .map_err(|_| OidcError::ClientAuthenticationFailed)
}

/// Adds to a failed authentication how the client must authenticate (RFC 6749, section 5.2).
pub(crate) fn client_error(provider: &Provider, error: OidcError) -> ErrorResponse {
    let failed = error == OidcError::ClientAuthenticationFailed;
    let response = ErrorResponse::from(error);
    if failed {
        response.challenge("Basic", provider.issuer())
    } else {
        response
    }
}
