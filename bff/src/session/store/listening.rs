//! A task that hears what other instances tell, for as long as the store lives.

use std::{fmt::Display, sync::Arc, time::Duration};
use tokio::task::AbortHandle;

/// What to do with a notice that came.
pub(super) type Told = Arc<dyn Fn(&str) + Send + Sync>;

/// Ends with this value.
pub(super) struct Listening(AbortHandle);

impl Listening {
    pub(super) fn start(hearing: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(hearing).abort_handle())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Says that nothing is heard, and waits a little: a server that restarts is back in a second.
pub(super) async fn failed(cause: &(impl Display + Sync)) {
    tracing::warn!(event = "store.listening_failed", %cause);
    tokio::time::sleep(Duration::from_millis(200)).await;
}
