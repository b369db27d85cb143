//! A form body: only `application/x-www-form-urlencoded` is accepted.

use crate::{
    domain::{oidc_error::OidcError, parameters::Parameters},
    error::ErrorResponse,
};
use axum::{
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
};

/// The parameters of a posted form.
pub(crate) struct Form(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorResponse> {
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|media_type| {
                media_type
                    .trim()
                    .eq_ignore_ascii_case("application/x-www-form-urlencoded")
            });
        if !is_form {
            return Err(refused(
                "only application/x-www-form-urlencoded content-type bodies are supported",
            ));
        }
        let text = String::from_request(request, state)
            .await
            .map_err(|_| refused("failed to parse the request body"))?;
        Ok(Self(Parameters::parse(&text)))
    }
}

fn refused(description: &'static str) -> ErrorResponse {
    OidcError::invalid_request(description).into()
}
