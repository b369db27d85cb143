//! `/api/sign-in-exp`, `/api/account-center`, and what everybody may read.

use super::{body::Body, ok};
use crate::{
    Provider,
    error::ErrorResponse,
    flows::management::settings::{self, Settings},
};
use axum::{Extension, extract::State, response::Response};
use http::StatusCode;

type Answer = Result<Response, ErrorResponse>;
/// The settings of a route.
type Of = Extension<&'static Settings>;

/// `GET`
pub(crate) async fn get(State(provider): State<Provider>, Extension(of): Of) -> Answer {
    Ok(ok(&settings::get(&provider, of).await?))
}

/// `PATCH`
pub(crate) async fn change(
    State(provider): State<Provider>,
    Extension(of): Of,
    Body(body): Body,
) -> Answer {
    Ok(ok(&settings::change(&provider, of, &body).await?))
}

/// `GET .well-known/sign-in-exp`
pub(crate) async fn public_experience(State(provider): State<Provider>) -> Answer {
    Ok(ok(&settings::public_experience(&provider).await?))
}

/// `GET status`
pub(crate) async fn status() -> StatusCode {
    StatusCode::NO_CONTENT
}
