//! Spans of traces: for each request, and for work that outlives it; `oidc-rp` and `session-store` have those of calls of the
//! provider and the store. Without `OTEL_EXPORTER_OTLP_ENDPOINT` no subscriber wants them, and each costs a look at a flag.
//!
//! They have no path, query, header or body: only names of routes, endpoints and operations, and results. They are of the
//! lowest level, so only `RUST_LOG=trace` shows them in the log.

use crate::{metrics, request::client_address::TrustedProxies};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use std::sync::Arc;
use telemetry::trace_context;
use tracing::{Instrument, Span, field::Empty, trace_span};

/// The targets of all spans of traces, and of nothing else.
pub const TARGETS: [&str; 3] = [
    module_path!(),
    oidc_rp::SPAN_TARGET,
    session_store::SPAN_TARGET,
];

/// Follows a request in a span of its trace, until it is answered. A 5xx is our error, a 4xx the client's.
pub(crate) async fn follow(
    State(trusted_proxies): State<Arc<TrustedProxies>>,
    request: Request,
    next: Next,
) -> Response {
    let span = of_request(&request, &trusted_proxies);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", status.as_str());
    }
    response
}

/// The span of work that may outlive its request, whose own span ends with the response.
pub(crate) fn of_task() -> Span {
    trace_span!("task")
}

/// The span of a request. It belongs to the trace that a trusted proxy names (W3C Trace Context, `traceparent`). The proxy must
/// not pass on its client's header, because a `traceparent` decides what is collected.
fn of_request(request: &Request, proxies: &TrustedProxies) -> Span {
    let span = trace_span!(
        "request",
        otel.name = name_of(request),
        otel.kind = "server",
        otel.status_code = Empty,
        "error.type" = Empty,
        http.request.method = method_of(request.method()),
        http.route = request.extensions().get().map(MatchedPath::as_str),
        http.response.status_code = Empty,
    );
    if !span.is_disabled() && proxies.sent(request) {
        trace_context::join(&span, request.headers());
    }
    span
}

/// The route, and not the path: names of spans are to be few. Pages and files match no route.
fn name_of(request: &Request) -> String {
    let method = metrics::known_method(request.method()).unwrap_or("HTTP");
    match request.extensions().get::<MatchedPath>() {
        Some(route) => format!("{method} {}", route.as_str()),
        None => method.to_owned(),
    }
}

fn method_of(method: &Method) -> &'static str {
    metrics::known_method(method).unwrap_or("_OTHER")
}
