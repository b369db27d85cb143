//! Tokens for the Management API, below `/oidc` of the administration's address.

use crate::{
    Provider,
    domain::oidc_error::OidcError,
    endpoints::{form::Form, response, token::authorization},
    error::ErrorResponse,
    flows::management::access,
    keys,
    provider::Administration,
};
use axum::{Extension, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

/// `POST /oidc/token` (RFC 6749, section 4.4)
pub(crate) async fn post(
    State(provider): State<Provider>,
    Extension(administration): Extension<Arc<Administration>>,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, ErrorResponse> {
    let issued = authorization(&headers).and_then(|authorization| {
        access::issue_to_client(&provider, &administration, authorization, &form)
    });
    match issued {
        Ok(token) => Ok(response::json(StatusCode::OK, &token)),
        Err(error) => {
            let failed = error == OidcError::ClientAuthenticationFailed;
            let response = ErrorResponse::from(error);
            Err(if failed {
                response.challenge("Basic", administration.endpoint.issuer())
            } else {
                response
            })
        }
    }
}

/// `GET /oidc/.well-known/openid-configuration`: what works here.
pub(crate) async fn discovery(
    Extension(administration): Extension<Arc<Administration>>,
) -> Response {
    let issuer = administration.endpoint.issuer();
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "id_token_signing_alg_values_supported": [keys::ALGORITHM],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
    });
    response::json(StatusCode::OK, &metadata)
}
