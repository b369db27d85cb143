//! `/api/applications/{id}/secrets`

use super::{Ids, body::Body, created, ok};
use crate::{
    Provider, domain::management::error::ManagementError, error::ErrorResponse,
    flows::management::secrets,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

type Answer = Result<Response, ErrorResponse>;

/// `GET`
pub(crate) async fn list(State(provider): State<Provider>, Path(ids): Path<Ids>) -> Answer {
    Ok(ok(&secrets::list(&provider, &ids.one).await?))
}

/// `POST`
pub(crate) async fn create(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    Ok(created(&secrets::create(&provider, &ids.one, &body).await?))
}

/// `PATCH`
pub(crate) async fn rename(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let renamed = secrets::rename(&provider, &ids.one, &ids.other, &body).await?;
    Ok(ok(&renamed))
}

/// `DELETE`
pub(crate) async fn delete(State(provider): State<Provider>, Path(ids): Path<Ids>) -> Answer {
    secrets::delete(&provider, &ids.one, &ids.other).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE applications/{id}/legacy-secret`: no application here is so old.
pub(crate) async fn delete_legacy() -> ErrorResponse {
    ManagementError::NoLegacySecret.into()
}
