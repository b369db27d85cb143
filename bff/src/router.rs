//! Every URL, on one screen, and the layers around them.

use crate::{
    AppState, access_log, csrf,
    handlers::{
        assets, back_channel_logout, callback, health, page, sign_in, sign_out, status, user_info,
        webhook,
    },
    problem_bodies, rate_limit, security_headers,
    session::cookie,
};
use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use http::StatusCode;
use shared::path;
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// A body holds a few words at most.
const LARGEST_BODY: usize = 16 * 1024;
/// No answer takes longer; what waits for the provider has shorter limits of its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// What browsers meet.
pub fn public(app: &AppState) -> Router {
    let sessions = SessionManagerLayer::new(app.store.clone())
        .with_name(app.cookie_names.session)
        .with_secure(app.cookie_names.secure)
        .with_same_site(SameSite::Lax);

    Router::new()
        .route(path::SIGN_IN, get(sign_in::start))
        .route(path::CALLBACK, get(callback::finish))
        .route_layer(middleware::from_fn_with_state(
            app.clone(),
            rate_limit::check,
        ))
        .route(path::SIGN_OUT, post(sign_out::end))
        .route(path::AUTH_STATUS, get(status::show))
        .route(path::USER_INFO, get(user_info::show))
        // A probe on the wrong address must not take the app's page for health.
        .route("/healthz", any(page::nothing_here))
        .route("/readyz", any(page::nothing_here))
        .route("/api", any(page::nothing_here))
        .route("/api/{*path}", any(page::nothing_here))
        .fallback(page::show)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer(sessions)
        .layer(middleware::from_fn_with_state(app.clone(), cookie::guard))
        .layer(middleware::from_fn_with_state(app.clone(), csrf::check))
        // From here on no cookie is read, and no page of ours has to ask: these requests carry signatures.
        .route(path::BACK_CHANNEL_LOGOUT, post(back_channel_logout::end))
        .route(path::LOGTO_WEBHOOK, post(webhook::receive))
        .nest_service("/assets", assets::serve(&app.frontend_dist))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .layer(CatchPanicLayer::custom(page::after_panic))
        .layer(middleware::map_response(problem_bodies::complete))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            security_headers::add,
        ))
        .layer(middleware::from_fn(access_log::write))
        .with_state(app.clone())
}

/// What operators meet, on an address of its own.
pub fn admin(app: &AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(app.clone())
}
