//! Every URL, on one screen, and what happens to every request.

use crate::{
    AppState,
    handlers::{
        assets, back_channel_logout, callback, events, health, metrics, page, proxy, sessions,
        sign_in, sign_out, status, user_info, webhook,
    },
    page::{compression, problem},
    request::{csrf, host},
    request_log, security_headers,
    session::layer,
    traces,
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use http::StatusCode;
use shared::path;
use std::{any::Any, time::Duration};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

/// No response takes longer. Calls of the provider have shorter limits.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a request's body: the largest is a logout token.
const LARGEST_BODY: usize = 16 * 1024;
/// The same of an event of Logto, which may repeat a person with custom data, or many ids.
const LARGEST_EVENT: usize = 1024 * 1024;

/// The routes of the public address, for browsers and the provider.
pub fn public(app: &AppState) -> Router {
    let guard = || from_fn_with_state(app.base_url.clone(), csrf::guard);
    let sessions = || {
        from_fn_with_state(
            (app.refresher.clone(), app.cookie_names.clone()),
            layer::attach,
        )
    };
    let lead_to_base_url = from_fn_with_state(
        (app.base_url.clone(), app.trusted_proxies.clone()),
        host::lead_to_base_url,
    );
    let admit = from_fn_with_state(app.clone(), sign_in::admit);
    let limit_logout_tokens = from_fn_with_state(app.clone(), back_channel_logout::limit);
    let end_sessions = post(back_channel_logout::end).route_layer(limit_logout_tokens);

    let routes = Router::new()
        .route(path::SIGN_IN, any(sign_in::start))
        .route(path::CALLBACK, any(callback::finish))
        .route_layer(admit)
        .route(path::SIGN_OUT, post(sign_out::end))
        .route(path::AUTH_STATUS, get(status::show))
        .route(path::USER_INFO, get(user_info::show))
        .route(path::SESSIONS, get(sessions::list))
        .route(path::SESSION, delete(sessions::end))
        .route(path::EVENTS, get(events::stream))
        // A probe or scrape of the wrong address must not take the app's page for health or metrics.
        .route("/healthz", any(page::nothing_here))
        .route("/readyz", any(page::nothing_here))
        .route("/metrics", any(page::nothing_here))
        .route("/api", any(page::nothing_here))
        .route("/api/{*path}", any(page::nothing_here))
        .fallback(page::show)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer((lead_to_base_url, guard(), sessions()))
        // These requests carry a signature and no cookie.
        .route(path::BACK_CHANNEL_LOGOUT, end_sessions)
        .nest_service("/assets", assets::serve(&app.frontend_dist));
    let events = Router::new().route(path::LOGTO_WEBHOOK, post(webhook::receive));
    // Bodies and responses of any length: a route has its own limits, and nothing here buffers them.
    let apis = Router::new()
        .route(path::PROXY, any(proxy::forward))
        .route("/api/proxy/{name}/{*path}", any(proxy::forward))
        .route("/api/proxy/{name}/", any(proxy::forward))
        .layer((guard(), sessions()));
    around(limited(routes, LARGEST_BODY), app)
        .merge(around(limited(events, LARGEST_EVENT), app))
        .layer(compression())
        .merge(around(apis, app))
}

/// The routes of the admin address, for operators.
pub fn admin(app: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .layer(from_fn(request_log::name))
        .with_state(app.clone())
}

/// Routes whose requests and responses are short.
fn limited(routes: Router<AppState>, largest_body: usize) -> Router<AppState> {
    routes.layer((
        RequestBodyLimitLayer::new(largest_body),
        TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, REQUEST_TIMEOUT),
    ))
}

/// Routes, and what happens to every request before and after its handler, from the outside in.
fn around(routes: Router<AppState>, app: &AppState) -> Router {
    let every_request = ServiceBuilder::new()
        .layer(from_fn_with_state(
            app.trusted_proxies.clone(),
            traces::follow,
        ))
        .layer(from_fn(request_log::name))
        .layer(from_fn_with_state(
            app.metrics.requests.clone(),
            request_log::log,
        ))
        .layer(from_fn_with_state(
            app.security_headers.clone(),
            security_headers::add,
        ))
        .layer(from_fn_with_state(app.pages.clone(), problem::render))
        .layer(CatchPanicLayer::custom(panicked));
    routes.layer(every_request).with_state(app.clone())
}

/// The panic's text is on standard error, and never in a response.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!(event = "request.panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, extract::Request};
    use std::future::pending;
    use tower::ServiceExt;

    async fn panics() -> StatusCode {
        panic!("a secret of the program")
    }

    /// A route that panics, one that never responds, and one that reads a body.
    async fn bounds() -> Router {
        let app = AppState::for_tests().await;
        let routes = Router::new()
            .route("/panic", get(panics))
            .route("/never", get(pending::<()>))
            .route("/body", post(|body: String| async { body }));
        around(limited(routes, LARGEST_BODY), &app)
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
