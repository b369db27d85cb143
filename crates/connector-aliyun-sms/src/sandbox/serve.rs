//! Serves a sandbox until shutdown.

use super::{Sandbox, host};
use axum::{middleware::from_fn, serve::Listener as _};
use http_server::Listener;
use std::{future::Future, io};

/// Serves on a bound listener until `shutdown` resolves, then finishes the running requests and returns. If the
/// listener is on a loopback address, a request for another host is refused.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    sandbox: Sandbox,
    listener: impl Into<Listener>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = listener.into();
    let mut router = sandbox.router();
    if listener.local_addr()?.ip().is_loopback() {
        router = router.layer(from_fn(host::for_this_machine));
    }
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            shutdown.await;
            sandbox.0.inbox.close();
        })
        .await
}
