//! Serves a sandbox until it is told to end.

use super::Sandbox;
use std::{future::Future, io};
use tokio::net::TcpListener;

/// Serves on a listener that is bound already, until `shutdown` is done; then answers what has begun and returns.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    sandbox: Sandbox,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = sandbox.router();
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            shutdown.await;
            sandbox.0.inbox.close();
        })
        .await
}
