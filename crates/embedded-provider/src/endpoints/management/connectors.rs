//! `/api/connectors` and `/api/connector-factories`

use super::{Ids, body::Body, list::Asked, ok};
use crate::{
    Provider, domain::management::aliyun_sms, error::ErrorResponse, flows::management::connectors,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

type Answer = Result<Response, ErrorResponse>;

/// `GET`
pub(crate) async fn list(State(provider): State<Provider>, asked: Asked) -> Answer {
    let target = asked.query.iter().find(|(name, _)| name == "target");
    let target = target.map(|(_, value)| value.as_str());
    Ok(ok(&connectors::list(&provider, target).await?))
}

/// `POST`
pub(crate) async fn create(State(provider): State<Provider>, Body(body): Body) -> Answer {
    Ok(ok(&connectors::create(&provider, &body).await?))
}

/// `GET` of one
pub(crate) async fn get(State(provider): State<Provider>, Path(ids): Path<Ids>) -> Answer {
    Ok(ok(&connectors::get(&provider, &ids.one).await?))
}

/// `PATCH`
pub(crate) async fn change(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    Ok(ok(&connectors::change(&provider, &ids.one, &body).await?))
}

/// `DELETE`
pub(crate) async fn delete(State(provider): State<Provider>, Path(ids): Path<Ids>) -> Answer {
    connectors::delete(&provider, &ids.one).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST connectors/{factory}/test`
pub(crate) async fn test(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    connectors::test(&provider, &ids.one, &body).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET connector-factories`
pub(crate) async fn factories() -> Response {
    ok(&[aliyun_sms::factory()])
}

/// `GET connector-factories/{id}`
pub(crate) async fn factory(Path(ids): Path<Ids>) -> Answer {
    Ok(ok(&connectors::factory(&ids.one)?))
}
