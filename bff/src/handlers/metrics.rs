//! For operators: what this instance has counted and measured (Prometheus).

use crate::{AppState, metrics::CONTENT_TYPE};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

/// `GET /metrics`: the current values; neither the store nor the provider is called.
pub(crate) async fn show(State(app): State<AppState>) -> Response {
    match app.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
