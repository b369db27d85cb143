//! The Management API, `/api`: HTTP only.

pub(crate) mod access;
pub(crate) mod body;
pub(crate) mod connectors;
pub(crate) mod email_domains;
pub(crate) mod list;
pub(crate) mod relations;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod things;
pub(crate) mod token;
pub(crate) mod turn;

use crate::endpoints::response;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

/// The ids in a path. A path without one has an empty text.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ids {
    pub(crate) one: String,
    pub(crate) other: String,
}

/// 200 with JSON.
fn ok(body: &impl Serialize) -> Response {
    response::json(StatusCode::OK, body)
}

/// 201 with JSON.
fn created(body: &impl Serialize) -> Response {
    response::json(StatusCode::CREATED, body)
}

/// 201 without JSON.
fn created_quietly() -> Response {
    (StatusCode::CREATED, "Created").into_response()
}
