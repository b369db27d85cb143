//! Relations between two kinds.

use super::{Ids, body::Body, created, created_quietly, list::Asked, ok};
use crate::{
    Provider,
    domain::management::{
        error::ManagementError,
        relation::{Manner, Relation},
    },
    error::ErrorResponse,
    flows::management::relations,
};
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::json;

type Answer = Result<Response, ErrorResponse>;
/// The relation of a route.
type Of = Extension<&'static Relation>;

/// `GET`
pub(crate) async fn list(
    State(provider): State<Provider>,
    Extension(relation): Of,
    Path(path): Path<Ids>,
    asked: Asked,
) -> Answer {
    let list = relations::list(&provider, relation, &path.one).await?;
    Ok(asked.show(&provider, &list))
}

/// `POST`
pub(crate) async fn add(
    State(provider): State<Provider>,
    Extension(relation): Of,
    Path(path): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let ids = relation
        .added(&body)
        .map_err(ManagementError::InvalidInput)?;
    let added = relations::add(&provider, relation, &path.one, &ids).await?;
    Ok(match relation.manner {
        Manner::Quiet => created_quietly(),
        Manner::Assignment => created(&json!({relation.member: ids, "addedRoleIds": added})),
        Manner::Strict => {
            let mut all = relations::targets(&provider, relation, &path.one).await?;
            for scope in &mut all {
                scope.remove("resource");
            }
            created(&all)
        }
    })
}

/// `PUT`
pub(crate) async fn replace(
    State(provider): State<Provider>,
    Extension(relation): Of,
    Path(path): Path<Ids>,
    Body(body): Body,
) -> Answer {
    let ids = relation
        .replaced(&body)
        .map_err(ManagementError::InvalidInput)?;
    relations::replace(&provider, relation, &path.one, &ids).await?;
    Ok(match relation.manner {
        Manner::Assignment => ok(&json!({relation.member: ids})),
        Manner::Strict | Manner::Quiet => StatusCode::NO_CONTENT.into_response(),
    })
}

/// `DELETE`
pub(crate) async fn delete(
    State(provider): State<Provider>,
    Extension(relation): Of,
    Path(path): Path<Ids>,
) -> Answer {
    relations::delete(&provider, relation, &path.one, &path.other).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
