//! What happens to every request, whatever it is for. One layer for all of it, and a `Service`: `middleware::from_fn` clones and
//! boxes the route once more for each request, which costs more than most of this does.

use crate::{
    AppState,
    access_log::Asked,
    page::{self, problem::Words},
    request_id::RequestId,
    telemetry,
};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::Request,
    response::{IntoResponse, Response},
    routing::{Route, future::RouteFuture},
};
use http::StatusCode;
use http_body_util::Limited;
use std::{
    convert::Infallible,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tower::{Service, layer::layer_fn};
use tracing::Instrument;

/// No answer takes longer; what waits for the provider has shorter limits of its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// A body holds a few words at most.
const LARGEST_BODY: usize = 16 * 1024;

/// The routes, each with all that happens around it.
pub(crate) fn around(routes: Router<AppState>, app: &AppState) -> Router {
    let layer_app = app.clone();
    let layer = layer_fn(move |route| EveryRequest {
        app: layer_app.clone(),
        route,
    });
    routes
        .layer(layer)
        .layer(page::compression())
        .with_state(app.clone())
}

/// A route, and what happens around it.
#[derive(Clone)]
struct EveryRequest {
    app: AppState,
    route: Route,
}

impl Service<Request> for EveryRequest {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    /// A route is always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    /// Names the request for the log and begins its trace. Within: bounds of size and time, a body for an error that came without one, the headers,
    /// and the log's line.
    fn call(&mut self, request: Request) -> Self::Future {
        let app = self.app.clone();
        let asked = Asked::of(&request);
        let words = Words::for_who_asks(&request);
        let request_id = RequestId::new();
        let trace = telemetry::of_request(&request, &app.trusted_proxies);
        let answered = trace.clone();
        let span = request_id.span();
        // A future that nothing has polled yet: all that a handler does happens within.
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
            telemetry::note_answer(&answered, response.status());
            Ok(response)
        };
        let answer = answer.instrument(span);
        if trace.is_disabled() {
            return Box::pin(answer);
        }
        Box::pin(telemetry::within(trace, answer))
    }
}

/// The request, with a body that ends in an error where it is too large; most have none.
fn within_size(request: Request) -> Result<Request, StatusCode> {
    let body = request.body();
    if body.is_end_stream() {
        return Ok(request);
    }
    // A `Content-Length` that is too large is refused unread.
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, LARGEST_BODY))))
}

/// The answer, or a problem instead of one that takes too long.
async fn within_time(answering: impl Future<Output = Response>) -> Response {
    let in_time = tokio::time::timeout(REQUEST_TIMEOUT, answering).await;
    in_time.unwrap_or_else(|_| StatusCode::GATEWAY_TIMEOUT.into_response())
}

/// The answer, or a problem instead of a panic: standard error has its place. Nobody sees again what it was in the middle of,
/// but for locks, which are taken over as they are. The route is in a box, for it is large, and each future around it would
/// be larger than it.
fn caught(answering: RouteFuture<Infallible>) -> impl Future<Output = Response> {
    let mut answering = Box::pin(answering);
    poll_fn(move |context| {
        let poll = AssertUnwindSafe(|| answering.as_mut().poll(context));
        match catch_unwind(poll) {
            Ok(poll) => poll.map(|Ok(response)| response),
            Err(_panic) => {
                tracing::error!(event = "request.panicked");
                Poll::Ready(StatusCode::INTERNAL_SERVER_ERROR.into_response())
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, post};
    use std::future::pending;
    use tower::ServiceExt;

    async fn panics() -> StatusCode {
        panic!("a secret of the program")
    }

    /// The bounds around a route that panics and one that never answers.
    async fn bounds() -> Router {
        let app = AppState::for_tests().await;
        let routes = Router::new()
            .route("/panic", get(panics))
            .route("/never", get(pending::<()>))
            .route("/body", post(|body: String| async { body }));
        around(routes, &app)
    }

    async fn ask(request: http::request::Builder, body: Body) -> (Response, String) {
        let request: Request = request.body(body).unwrap();
        let response = bounds().await.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        (Response::from_parts(parts, Body::empty()), text)
    }

    fn assert_is_ours(response: &Response, status: u16) {
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(response.headers().contains_key("content-security-policy"));
        assert!(response.headers().contains_key("strict-transport-security"));
        assert_eq!(response.headers()["x-request-id"].len(), 16);
    }

    #[tokio::test(start_paused = true)]
    async fn b191_a_panic_and_a_time_out_are_answered_like_every_other_problem() {
        for (path, status, code) in [("/panic", 500, "internal"), ("/never", 504, "timed_out")] {
            let (response, text) = ask(Request::get(path), Body::empty()).await;
            assert_is_ours(&response, status);
            assert!(text.contains(&format!(r#""code":"{code}""#)), "{text}");
            assert!(!text.contains("secret"), "{text}");

            let visit = Request::get(path).header("sec-fetch-mode", "navigate");
            let (response, text) = ask(visit, Body::empty()).await;
            assert_is_ours(&response, status);
            assert!(text.contains("<!doctype html>"), "{text}");
            assert!(text.contains(&format!(r#""code":"{code}""#)), "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn b207_a_body_that_never_comes_ends_the_request() {
        let endless = Body::from_stream(tokio_stream::pending::<Result<String, std::io::Error>>());
        let (response, _) = ask(Request::post("/body"), endless).await;
        assert_is_ours(&response, 504);
    }

    #[tokio::test]
    async fn b205_a_body_beyond_16_kib_is_refused_whatever_its_length_claims() {
        let large = || Body::from("x".repeat(LARGEST_BODY + 1));
        let claimed = Request::post("/body").header("content-length", LARGEST_BODY + 1);
        for request in [claimed, Request::post("/body")] {
            assert_is_ours(&ask(request, large()).await.0, 413);
        }
        let most = Body::from("x".repeat(LARGEST_BODY));
        assert_is_ours(&ask(Request::post("/body"), most).await.0, 200);
    }
}
