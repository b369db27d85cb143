//! The token endpoint, `/oidc/token` (RFC 6749, section 3.2).

use crate::{
    Provider,
    domain::{application::Application, oidc_error::OidcError, parameters::Parameters},
    endpoints::{form::Form, response},
    error::ErrorResponse,
    flows::{client_authentication, code_exchange, refresh, tokens::TokenResponse},
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};

/// Exchanges a code or a refresh token for tokens.
pub(crate) async fn post(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, ErrorResponse> {
    let tokens = grant(&provider, &headers, &form)
        .await
        .map_err(|error| client_error(&provider, error))?;
    Ok(response::json(StatusCode::OK, &tokens))
}

async fn grant(
    provider: &Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<TokenResponse, OidcError> {
    let application = authenticate(provider, headers, form).await?;
    let grant_type = form.required("grant_type")?;
    if form.has("resource") {
        return Err(OidcError::InvalidTarget);
    }
    match grant_type {
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
pub(crate) async fn authenticate<'a>(
    provider: &'a Provider,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<&'a Application, OidcError> {
    let authorization = match headers.get(AUTHORIZATION) {
        Some(header) => Some(
            header
                .to_str()
                .map_err(|_| OidcError::ClientAuthenticationFailed)?,
        ),
        None => None,
    };
    client_authentication::authenticate(provider, authorization, form).await
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
