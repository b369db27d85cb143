//! What happens to every request, whatever it is for. One layer for all of it, and a plain one: each layer made of a
//! function costs more than most of these do.

use crate::{
    AppState, access_log::Asked, handlers::page, problem_bodies::Words, request_id::RequestId,
};
use axum::{
    body::{Body, HttpBody},
    extract::Request,
    response::{IntoResponse, Response},
    routing::Route,
};
use http::StatusCode;
use http_body_util::Limited;
use std::{
    any::Any,
    convert::Infallible,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tower::Service;
use tracing::Instrument;

/// No answer takes longer; what waits for the provider has shorter limits of its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// A body holds a few words at most.
pub(crate) const LARGEST_BODY: usize = 16 * 1024;

/// A route, and what happens around it.
#[derive(Clone)]
pub(crate) struct EveryRequest {
    pub(crate) app: AppState,
    pub(crate) route: Route,
}

impl Service<Request> for EveryRequest {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    /// A route is always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Names the request for the log. Within: bounds of size and time, a body for an error that came without one, the headers,
    /// and the log's line.
    fn call(&mut self, request: Request) -> Self::Future {
        let app = self.app.clone();
        let asked = Asked::of(&request);
        let words = Words::for_who_asks(&request);
        let request_id = RequestId::new();
        let span = request_id.span();
        let answering = within_size(request).map(|request| caught(self.route.call(request)));
        let answer = async move {
            let answer = match answering {
                Ok(answering) => within_time(answering).await,
                Err(status) => status.into_response(),
            };
            let mut response = words.complete(&app.page, answer);
            app.security_headers.add(&mut response);
            request_id.write_on(&mut response);
            asked.note(&app.metrics.requests, response.status());
            Ok(response)
        };
        Box::pin(answer.instrument(span))
    }
}

/// The request, with a body that ends in an error where it is too large; most have none.
fn within_size(request: Request) -> Result<Request, StatusCode> {
    let body = request.body();
    if body.is_end_stream() {
        return Ok(request);
    }
    // What is claimed need not be read.
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, LARGEST_BODY))))
}

/// The answer, or what is answered instead of one that panicked or took too long.
async fn within_time<P>(
    answering: impl Future<Output = Result<Result<Response, Infallible>, P>>,
) -> Response {
    match tokio::time::timeout(REQUEST_TIMEOUT, answering).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Err(_panic)) => page::after_panic(),
        Err(_elapsed) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

/// What comes of it, also when that is a panic. Nobody sees again what it was in the middle of, but for locks, which are
/// taken over as they are. In a box, for each future around a large one is larger by the whole of it.
fn caught<F: Future>(future: F) -> impl Future<Output = Result<F::Output, Box<dyn Any + Send>>> {
    let mut future = Box::pin(future);
    poll_fn(move |context| {
        let poll = AssertUnwindSafe(|| future.as_mut().poll(context));
        match catch_unwind(poll) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
}
