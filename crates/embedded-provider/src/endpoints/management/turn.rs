//! Changes are made one after the other. After each, the tenant is read again, so that the next request finds it changed.

use crate::{Provider, provider::Administration};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use std::sync::Arc;

/// Lets a change wait for its turn. It is made to its end even if the client hangs up.
pub(crate) async fn wait(
    State((provider, administration)): State<(Provider, Arc<Administration>)>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let change = tokio::spawn(async move {
        let _turn = administration.turn.lock().await;
        let response = next.run(request).await;
        if let Err(error) = provider.reload_tenant().await {
            tracing::error!(%error, "the changed tenant cannot be read");
        }
        response
    });
    change
        .await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
