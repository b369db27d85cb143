//! Work that outlives its request: a stop waits for it, and the log and the traces name its request.

use crate::traces;
use tokio::task::JoinHandle;
use tokio_util::task::{TaskTracker, task_tracker::TaskTrackerToken};
use tracing::Instrument;

/// All such work of this process.
#[derive(Clone, Default)]
pub(crate) struct Tasks(TaskTracker);

impl Tasks {
    /// Begins work for the request under way.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let work = work.instrument(traces::of_task());
        self.0.spawn(work.in_current_span())
    }

    /// Begins work that is no part of the request under way.
    pub(crate) fn spawn_apart(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(work);
    }

    /// Counts work that is no task of its own, until the token is dropped.
    pub(crate) fn begin(&self) -> TaskTrackerToken {
        self.0.token()
    }

    /// Waits until all work has ended, also work that begins meanwhile.
    pub(crate) async fn end(&self) {
        self.0.close();
        self.0.wait().await;
    }
}
