//! `/api/organizations/{id}/jit/email-domains`

use super::{Ids, body::Body, created, list::Asked};
use crate::{Provider, error::ErrorResponse, flows::management::email_domains};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

type Answer = Result<Response, ErrorResponse>;

/// `GET`
pub(crate) async fn list(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    asked: Asked,
) -> Answer {
    let list = email_domains::list(&provider, &ids.one).await?;
    Ok(asked.show(&provider, &list))
}

/// `POST`
pub(crate) async fn create(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let new = email_domains::create(&provider, &ids.one, &body).await?;
    Ok(created(&new))
}

/// `PUT`
pub(crate) async fn replace(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    email_domains::replace(&provider, &ids.one, &body).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE`
pub(crate) async fn delete(State(provider): State<Provider>, Path(ids): Path<Ids>) -> Answer {
    email_domains::delete(&provider, &ids.one, &ids.other).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
