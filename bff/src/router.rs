//! Every URL, on one screen, and the layers around them.

use crate::{
    AppState, browser_request,
    every_request::EveryRequest,
    handlers::{
        assets, back_channel_logout, callback, events, health, metrics, page, sessions, sign_in,
        sign_out, status, user_info, webhook,
    },
    rate_limit, request_id,
};
use axum::{
    Router, middleware,
    routing::{any, delete, get, post},
};
use shared::path;
use tower::layer::layer_fn;
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// What browsers meet.
pub fn public(app: &AppState) -> Router {
    let sessions = SessionManagerLayer::new(app.store.clone())
        .with_name(app.cookie_names.session)
        .with_secure(app.cookie_names.secure)
        .with_same_site(SameSite::Lax);
    let guard = middleware::from_fn_with_state(app.clone(), browser_request::guard);
    let limit = middleware::from_fn_with_state(app.clone(), rate_limit::check_logout_token);
    let end_sessions = post(back_channel_logout::end).route_layer(limit);

    let routes = Router::new()
        .route(path::SIGN_IN, get(sign_in::start))
        .route(path::CALLBACK, get(callback::finish))
        .route_layer(middleware::from_fn_with_state(
            app.clone(),
            rate_limit::check,
        ))
        .route(path::SIGN_OUT, post(sign_out::end))
        .route(path::USER_INFO, get(user_info::show))
        .route(path::SESSIONS, get(sessions::list))
        .route(path::SESSION, delete(sessions::end))
        .route(path::EVENTS, get(events::stream))
        // A probe or scrape on the wrong address must not take the app's page for health or metrics.
        .route("/healthz", any(page::nothing_here))
        .route("/readyz", any(page::nothing_here))
        .route("/metrics", any(page::nothing_here))
        .route("/api", any(page::nothing_here))
        .route("/api/{*path}", any(page::nothing_here))
        .fallback(page::show)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer((guard, sessions))
        // Changes nothing, neither here nor in the session.
        .route(path::AUTH_STATUS, get(status::show))
        // From here on no cookie is read, and no page of ours has to ask: these requests carry signatures.
        .route(path::BACK_CHANNEL_LOGOUT, end_sessions)
        .route(path::LOGTO_WEBHOOK, post(webhook::receive))
        .nest_service("/assets", assets::serve(&app.frontend_dist));
    within_bounds(routes, app)
}

/// What holds for every request, whatever it is for.
fn within_bounds(routes: Router<AppState>, app: &AppState) -> Router {
    let every_request = {
        let app = app.clone();
        layer_fn(move |route| EveryRequest {
            app: app.clone(),
            route,
        })
    };
    routes.layer(every_request).with_state(app.clone())
}

/// What operators meet, on an address of its own.
pub fn admin(app: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .layer(middleware::from_fn(request_id::layer))
        .with_state(app.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::every_request::LARGEST_BODY;
    use axum::{body::Body, extract::Request, response::Response};
    use http::StatusCode;
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
        within_bounds(routes, &app)
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
