//! A task that receives the notices of other processes until the store is dropped.

use super::Result;
use crate::Error;
use std::{io, sync::Arc, time::Duration};
use tokio::{task::AbortHandle, time::timeout};

/// How long connecting, signing in and subscribing may take together.
const SUBSCRIBING: Duration = Duration::from_secs(5);
/// A connection that was silent for this long is pinged: a connection that only listens does not notice that the other
/// side is gone.
pub(super) const QUIET: Duration = Duration::from_secs(5);
/// How long it may take to answer. Too short would cost the notices of a server that is only slow.
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(3);
/// The pause before a new connection: a server that restarts is back in a second.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);

/// Called with each notice that arrives.
pub(crate) type OnNotice = Arc<dyn Fn(&str) + Send + Sync>;

/// The task ends when this is dropped.
pub(super) struct Subscription(AbortHandle);

impl Subscription {
    /// Receives notices over a connection until it breaks, is closed or falls silent, and then over a new one.
    pub(super) fn start<Connection, Subscribing, Receiving>(
        subscribed: Connection,
        subscribe: impl Fn() -> Subscribing + Send + 'static,
        receive: impl Fn(Connection) -> Receiving + Send + 'static,
    ) -> Self
    where
        Connection: Send + 'static,
        Subscribing: Future<Output = Result<Connection>> + Send,
        Receiving: Future<Output = Error> + Send,
    {
        let receiving = async move {
            let mut connection = Ok(subscribed);
            loop {
                let cause = match connection {
                    Ok(connection) => receive(connection).await,
                    Err(cause) => cause,
                };
                tracing::warn!(event = "store.listening_failed", %cause);
                tokio::time::sleep(RECONNECT_AFTER).await;
                connection = subscribe().await;
            }
        };
        Self(tokio::spawn(receiving).abort_handle())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Bounds the time of a subscription.
pub(super) async fn in_time<Connection>(
    subscribing: impl Future<Output = Result<Connection>>,
) -> Result<Connection> {
    timeout(SUBSCRIBING, subscribing)
        .await
        .unwrap_or(Err(Error::TimedOut))
}

/// Pings a quiet connection. Returns why it failed, or `None` if it answered.
pub(super) async fn is_silent<Answer, Cause: Into<Error>>(
    asking: impl Future<Output = std::result::Result<Answer, Cause>>,
) -> Option<Error> {
    match timeout(PING_TIMEOUT, asking).await {
        Ok(Ok(_)) => None,
        Ok(Err(cause)) => Some(cause.into()),
        Err(_) => Some(Error::TimedOut),
    }
}

/// The error for a connection that the other side has closed.
pub(super) fn closed() -> Error {
    io::Error::from(io::ErrorKind::ConnectionAborted).into()
}
