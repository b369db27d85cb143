//! A request's body, and the time since it last moved.

use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use sync_wrapper::SyncWrapper;
use tokio::time::{Instant, sleep_until};

/// What the HTTP client is given as the cause; [`Progress`] keeps the real one.
const ENDED_EARLY: &str = "the body ended early";

/// When the body last moved, and why it ended early.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<State>>);

struct State {
    moved: Instant,
    error: Option<axum::Error>,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        Self(Arc::new(Mutex::new(State {
            moved: Instant::now(),
            error: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the body ended early. `None` if it did not.
    pub(crate) fn take_error(&self) -> Option<axum::Error> {
        self.state().error.take()
    }

    /// Waits until the body has not moved for this long.
    pub(crate) async fn stalled_for(&self, time: Duration) {
        loop {
            let end = self.state().moved + time;
            if Instant::now() >= end {
                return;
            }
            sleep_until(end).await;
        }
    }
}

/// A body that notes its progress.
pub(crate) struct Watched {
    /// The HTTP client wants a body that is `Sync`.
    body: SyncWrapper<Body>,
    /// The length that the client announced. A limited body's own hint ends at the limit, as if the body did.
    length: Option<u64>,
    is_ended: bool,
    progress: Progress,
}

impl Watched {
    pub(crate) fn new(body: Body, length: Option<u64>, progress: Progress) -> Self {
        Self {
            length,
            is_ended: body.is_end_stream(),
            body: SyncWrapper::new(body),
            progress,
        }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let body = self.body.get_mut();
        let frame = ready!(Pin::new(&mut *body).poll_frame(context));
        let is_ended = body.is_end_stream();
        self.is_ended = is_ended;
        let mut state = self.progress.state();
        state.moved = Instant::now();
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| {
                let cause = axum::Error::new(ENDED_EARLY);
                state.error = Some(error);
                cause
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.is_ended
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
