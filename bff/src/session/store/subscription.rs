//! A task that hears what other instances tell, for as long as the store lives.

use super::engine::EngineError;
use std::{io, sync::Arc, time::Duration};
use tokio::{task::AbortHandle, time::timeout};

/// How long connecting, signing in and subscribing may take together.
const SUBSCRIBING: Duration = Duration::from_secs(5);
/// A connection that has said nothing for so long is asked whether it is there: whoever only listens does not notice that
/// the other side is gone.
pub(super) const QUIET: Duration = Duration::from_secs(5);
/// How long it may take to say so. What a server that is only slow was about to tell would go with its connection.
const ANSWER: Duration = Duration::from_secs(3);
/// A server that restarts is back in a second.
const BEGIN_ANEW_AFTER: Duration = Duration::from_millis(200);

type Result<T> = std::result::Result<T, EngineError>;

/// What to do with a notice that came.
pub(super) type Told = Arc<dyn Fn(&str) + Send + Sync>;

/// Ends with this value.
pub(super) struct Listening(AbortHandle);

impl Listening {
    /// Hears by a connection until it breaks, is closed or falls silent, and then by a new one.
    pub(super) fn start<Connection, Subscribing, Hearing>(
        subscribed: Connection,
        subscribe: impl Fn() -> Subscribing + Send + 'static,
        hear: impl Fn(Connection) -> Hearing + Send + 'static,
    ) -> Self
    where
        Connection: Send + 'static,
        Subscribing: Future<Output = Result<Connection>> + Send,
        Hearing: Future<Output = EngineError> + Send,
    {
        let hearing = async move {
            let mut connection = Ok(subscribed);
            loop {
                let cause = match connection {
                    Ok(connection) => hear(connection).await,
                    Err(cause) => cause,
                };
                tracing::warn!(event = "store.listening_failed", %cause);
                tokio::time::sleep(BEGIN_ANEW_AFTER).await;
                connection = subscribe().await;
            }
        };
        Self(tokio::spawn(hearing).abort_handle())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A connection that listens, or a time-out.
pub(super) async fn in_time<Connection>(
    subscribing: impl Future<Output = Result<Connection>>,
) -> Result<Connection> {
    timeout(SUBSCRIBING, subscribing)
        .await
        .unwrap_or(Err(EngineError::TimedOut))
}

/// Asks a quiet connection whether it is there; answers why it is not.
pub(super) async fn is_silent<Answer, Cause: Into<EngineError>>(
    asking: impl Future<Output = std::result::Result<Answer, Cause>>,
) -> Option<EngineError> {
    match timeout(ANSWER, asking).await {
        Ok(Ok(_)) => None,
        Ok(Err(cause)) => Some(cause.into()),
        Err(_) => Some(EngineError::TimedOut),
    }
}

/// The other side has closed the connection.
pub(super) fn closed() -> EngineError {
    io::Error::from(io::ErrorKind::ConnectionAborted).into()
}
