//! Every URL, on one screen, and the layers around them.

use crate::{
    AppState, browser_request, every_request,
    handlers::{
        assets, back_channel_logout, callback, events, health, metrics, page, sessions, sign_in,
        sign_out, status, user_info, webhook,
    },
    request_id,
};
use axum::{
    Router, middleware,
    routing::{any, delete, get, post},
};
use shared::path;
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// What browsers meet.
pub fn public(app: &AppState) -> Router {
    let sessions = SessionManagerLayer::new(app.store.clone())
        .with_name(app.cookie_names.session)
        .with_secure(app.cookie_names.secure)
        .with_same_site(SameSite::Lax);
    let guard = middleware::from_fn_with_state(app.clone(), browser_request::guard);
    let limit = middleware::from_fn_with_state(app.clone(), back_channel_logout::limit);
    let end_sessions = post(back_channel_logout::end).route_layer(limit);

    let routes = Router::new()
        .route(path::SIGN_IN, get(sign_in::start))
        .route(path::CALLBACK, get(callback::finish))
        .route_layer(middleware::from_fn_with_state(app.clone(), sign_in::limit))
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
        // Reads its cookie by itself and changes nothing, so it needs neither guard nor session middleware.
        .route(path::AUTH_STATUS, get(status::show))
        // From here on no cookie is read, and no page of ours has to ask: these requests carry signatures.
        .route(path::BACK_CHANNEL_LOGOUT, end_sessions)
        .route(path::LOGTO_WEBHOOK, post(webhook::receive))
        .nest_service("/assets", assets::serve(&app.frontend_dist));
    every_request::around(routes, app)
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
