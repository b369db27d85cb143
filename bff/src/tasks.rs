//! Work that goes on when its request does not: a stop waits for it, and the log and the traces say whose it was.

use crate::telemetry;
use tokio::task::JoinHandle;
use tokio_util::task::{TaskTracker, task_tracker::TaskTrackerToken};
use tracing::Instrument;

/// All such work of this process.
#[derive(Clone, Default)]
pub(crate) struct Tasks(TaskTracker);

impl Tasks {
    /// Begins some, in the name of the request under way.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let span = telemetry::of_task();
        self.0
            .spawn(telemetry::within(span, work.in_current_span()))
    }

    /// Begins what is no task of its own, for as long as the token is kept.
    pub(crate) fn begin(&self) -> TaskTrackerToken {
        self.0.token()
    }

    /// Waits until all of it has ended; what begins meanwhile is waited for too.
    pub(crate) async fn end(&self) {
        self.0.close();
        self.0.wait().await;
    }
}
