//! Every route, on one screen. Those of the Management API are in `router/management.rs`.

mod management;

use crate::{
    Provider,
    endpoints::{
        assets, authorization, discovery, end_session, experience, interaction, introspection,
        jwks, management::token as token_for_management, phone_number,
        pushed_authorization_request, revocation, sign_in_page, token, unknown_route, userinfo,
    },
    provider::Administration,
    request_log, same_origin, top_level,
};
use axum::{
    Extension, Router, middleware,
    routing::{get, post, put},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use std::{sync::Arc, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};

/// The largest request body, in bytes.
const LARGEST_BODY: usize = 64 * 1024;
/// The time limit of a request. It is longer than the time limit of the SMS client.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The router with its layers.
pub(crate) fn router(provider: Provider) -> Router {
    let routes = protocol()
        .merge(visits(&provider))
        .merge(pages())
        .merge(for_our_pages_only(&provider))
        .merge(management::public());
    let routes = match provider.management.clone() {
        Some(administration) => routes.merge(management::protected(&provider, administration)),
        None => routes,
    };
    let routes = routes
        .method_not_allowed_fallback(unknown_route::any)
        .fallback(unknown_route::any);
    layered(routes, provider)
}

/// The router of the administration: tokens for the Management API, and the API itself.
pub(crate) fn admin_router(provider: Provider, administration: Arc<Administration>) -> Router {
    let routes = Router::new()
        .route("/oidc/token", post(token_for_management::post))
        .route("/oidc/jwks", get(jwks::get))
        .route(
            "/oidc/.well-known/openid-configuration",
            get(token_for_management::discovery),
        )
        .layer(Extension(administration.clone()))
        .merge(management::public())
        .merge(management::protected(&provider, administration))
        .method_not_allowed_fallback(unknown_route::of_administration)
        .fallback(unknown_route::of_administration);
    layered(routes, provider)
}

fn layered(routes: Router<Provider>, provider: Provider) -> Router {
    let header = SetResponseHeaderLayer::if_not_present;
    routes
        .layer(header(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(header(
            REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ))
        .layer(header(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIME_LIMIT,
        ))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(request_log::log))
        .with_state(provider)
}

/// Routes for relying parties.
fn protocol() -> Router<Provider> {
    Router::new()
        .route(
            "/oidc/.well-known/openid-configuration",
            get(discovery::get),
        )
        .route(
            "/oidc/.well-known/oauth-authorization-server",
            get(discovery::get),
        )
        .route("/oidc/jwks", get(jwks::get))
        .route("/oidc/request", post(pushed_authorization_request::post))
        .route("/oidc/token", post(token::post))
        .route("/oidc/token/revocation", post(revocation::post))
        .route("/oidc/token/introspection", post(introspection::post))
        .route("/oidc/me", get(userinfo::get).post(userinfo::post))
        .route("/oidc/session/end/success", get(end_session::success))
}

/// The visits of a browser that begin or continue a sign-in or a sign-out.
fn visits(provider: &Provider) -> Router<Provider> {
    let of_a_person = |methods: &'static str| {
        middleware::from_fn_with_state((provider.clone(), methods), top_level::require)
    };
    let by_get = Router::new()
        .route("/oidc/auth/{id}", get(interaction::resume))
        .route("/consent", get(interaction::consent))
        .route_layer(of_a_person("GET"));
    Router::new()
        .route(
            "/oidc/auth",
            get(authorization::authorize).post(authorization::authorize),
        )
        .route(
            "/oidc/session/end",
            get(end_session::question).post(end_session::question),
        )
        .route_layer(of_a_person("GET, POST"))
        .merge(by_get)
}

/// Pages for people.
fn pages() -> Router<Provider> {
    Router::new()
        .route("/sign-in", get(sign_in_page::get))
        .route("/register", get(sign_in_page::get))
        .route("/identifier-sign-in", get(sign_in_page::get))
        .route("/identifier-register", get(sign_in_page::get))
        .route("/direct/{method}/{target}", get(sign_in_page::direct))
        .route("/assets/{name}", get(assets::get))
}

/// Requests of our own pages, which carry the person's cookies. No other page may send them.
fn for_our_pages_only(provider: &Provider) -> Router<Provider> {
    let code = "/api/experience/verification/verification-code";
    Router::new()
        .route("/api/experience", put(experience::begin))
        .route(
            "/api/experience/interaction-event",
            put(experience::change_event),
        )
        .route(code, post(experience::send_code))
        .route(&format!("{code}/verify"), post(experience::verify_code))
        .route("/api/experience/identification", post(experience::identify))
        .route("/api/experience/submit", post(experience::submit))
        .route("/phone-number", post(phone_number::post))
        .route("/oidc/session/end/confirm", post(end_session::confirm))
        .route_layer(middleware::from_fn_with_state(
            provider.clone(),
            same_origin::require,
        ))
}
