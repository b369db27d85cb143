//! The kinds of the table.

use super::{Ids, body::Body, list::Asked, ok};
use crate::{
    Provider,
    current_tenant::object,
    domain::management::kind::Kind,
    endpoints::response,
    error::ErrorResponse,
    flows::management::things::{self, Target},
};
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

type Answer = Result<Response, ErrorResponse>;
/// The kind of a route.
type Of = Extension<&'static Kind>;

fn target<'a>(kind: &'static Kind, ids: &'a Ids) -> Target<'a> {
    let (parent, id) = if kind.has_parent() {
        (ids.one.as_str(), ids.other.as_str())
    } else {
        ("", ids.one.as_str())
    };
    Target { kind, parent, id }
}

/// `GET` of the list.
pub(crate) async fn list(
    State(provider): State<Provider>,
    Extension(kind): Of,
    Path(ids): Path<Ids>,
    asked: Asked,
) -> Answer {
    let list = things::list(&provider, kind, &ids.one, &asked.query).await?;
    Ok(asked.show(&provider, &list))
}

/// `POST`
pub(crate) async fn create(
    State(provider): State<Provider>,
    Extension(kind): Of,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let new = things::create(&provider, kind, &ids.one, &body).await?;
    let status = StatusCode::from_u16(kind.created).unwrap_or(StatusCode::CREATED);
    Ok(response::json(status, &new))
}

/// `GET` of one
pub(crate) async fn get(
    State(provider): State<Provider>,
    Extension(kind): Of,
    Path(ids): Path<Ids>,
) -> Answer {
    Ok(ok(&things::get(&provider, target(kind, &ids)).await?))
}

/// `PATCH`
pub(crate) async fn change(
    State(provider): State<Provider>,
    Extension(kind): Of,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let changed = things::change(&provider, target(kind, &ids), &body).await?;
    Ok(ok(&changed))
}

/// `DELETE`
pub(crate) async fn delete(
    State(provider): State<Provider>,
    Extension(kind): Of,
    Path(ids): Path<Ids>,
) -> Answer {
    things::delete(&provider, target(kind, &ids)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `PATCH applications/{id}/custom-data`: the body is the members themselves.
pub(crate) async fn merge_custom_data(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let data = things::merge_custom_data(&provider, &ids.one, object(body)).await?;
    Ok(ok(&data))
}

/// `PATCH hooks/{id}/signing-key`
pub(crate) async fn change_signing_key(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
) -> Answer {
    Ok(ok(&things::change_signing_key(&provider, &ids.one).await?))
}

/// `PATCH resources/{id}/is-default`
pub(crate) async fn change_default_resource(
    State(provider): State<Provider>,
    Path(ids): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let changed = things::change_default_resource(&provider, &ids.one, &body).await?;
    Ok(ok(&changed))
}
