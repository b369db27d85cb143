//! Spans of traces: for each request and for each operation of the store; `oidc-rp` has those of calls of the provider. Without
//! `OTEL_EXPORTER_OTLP_ENDPOINT` no subscriber wants them, and each costs a look at a flag.
//!
//! They have no path, query, header or body: only names of routes, endpoints and operations, and results. They are of the
//! lowest level, so only `RUST_LOG=trace` shows them in the log.

use crate::{metrics, request::client_address::TrustedProxies};
use axum::extract::{MatchedPath, Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span, field::Empty, trace_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The target of these spans, and of nothing else.
pub(super) const TARGET: &str = module_path!();
const TRACEPARENT: &str = "traceparent";

tokio::task_local! {
    /// The span of the request that this work is for. `Span::current` is the log's span, which is entered within it.
    static REQUEST: Span;
}

/// Does work within the span of its request.
pub(crate) fn within<T>(request: Span, work: impl Future<Output = T>) -> impl Future<Output = T> {
    REQUEST.scope(request.clone(), work.instrument(request))
}

/// As [`within`], for work that is not a future.
pub(crate) fn in_scope<T>(request: Span, work: impl FnOnce() -> T) -> T {
    REQUEST.sync_scope(request, work)
}

/// The span of the request, or of its task, that this work is for. Disabled for work of no request.
pub(crate) fn current() -> Span {
    REQUEST
        .try_with(Span::clone)
        .unwrap_or_else(|_| Span::none())
}

/// The span of work that may outlive its request, whose own span ends with the response.
pub(crate) fn of_task() -> Span {
    let request = current();
    if request.is_disabled() {
        return request;
    }
    trace_span!(parent: &request, "task")
}

/// The span of a request. It belongs to the trace that a trusted proxy names (W3C Trace Context, `traceparent`). The proxy must
/// not pass on its client's header, because a `traceparent` decides what is collected.
pub(super) fn of_request(request: &Request, proxies: &TrustedProxies) -> Span {
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
        // Fails only for a span that has begun already.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Named(request.headers())));
    }
    span
}

/// The header that names a request's trace. `tracestate` is left out: it would carry bytes of a client to the provider.
struct Named<'a>(&'a HeaderMap);

impl Extractor for Named<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then(|| self.0.get(key)?.to_str().ok())?
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
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

/// The span of an operation of the store. There is none outside a request: what the program does by itself, again and again,
/// is no trace.
pub(crate) fn of_store(operation: &'static str) -> Span {
    let request = current();
    if request.is_disabled() {
        return request;
    }
    trace_span!(
        "store",
        otel.name = format!("store {operation}"),
        otel.kind = "client",
        otel.status_code = Empty,
        "error.type" = Empty,
        db.operation.name = operation,
    )
}

/// Records the status of our response. A 5xx is our error, a 4xx the client's.
pub(super) fn note_answer(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        note_error(span, status.as_str());
    }
}

/// Records an error of this kind.
pub(crate) fn note_error(span: &Span, kind: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", kind);
}

/// Names the trace in the headers of a request of ours (W3C Trace Context, section 3.2).
pub(crate) fn write_on(headers: &mut HeaderMap, span: &Span) {
    if span.is_disabled() {
        return;
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    let (trace, span) = (context.trace_id(), context.span_id());
    let flags = context.trace_flags().to_u8();
    // In a log of level trace the spans are enabled, but belong to no trace.
    if !context.is_valid() {
        return;
    }
    if let Ok(named) = HeaderValue::try_from(format!("00-{trace}-{span}-{flags:02x}")) {
        headers.insert(TRACEPARENT, named);
    }
}
