//! Traces for whoever collects them (OTLP over HTTP): a span for each request, for each question to the provider and for
//! each to the store. Without `OTEL_EXPORTER_OTLP_ENDPOINT` nobody listens to these spans, and each costs a look at a flag.
//!
//! They have no path, query, header or body: names of routes, endpoints and operations, and how it ended. Made here alone and of
//! the lowest level, they are in no log but with `RUST_LOG=trace`.

use crate::{config::TracesConfig, metrics, request::client_address::TrustedProxies};
use async_trait::async_trait;
use axum::extract::{MatchedPath, Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use opentelemetry::{
    KeyValue,
    propagation::{Extractor, TextMapPropagator},
    trace::{TraceContextExt, TracerProvider},
};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::runtime::Handle;
use tracing::{Instrument, Span, Subscriber, field::Empty, level_filters::LevelFilter, trace_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

const TRACEPARENT: &str = "traceparent";
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the last spans may take when the program stops: what was being sent, and they.
const AT_THE_END: Duration = Duration::from_secs(3);

tokio::task_local! {
    /// The span of the request that this work is for. The log's span is entered within it, and hides it.
    static REQUEST: Span;
}

/// Does work for the request of this span; what it asks for is within the span.
pub(crate) fn within<T>(request: Span, work: impl Future<Output = T>) -> impl Future<Output = T> {
    REQUEST.scope(request.clone(), work.instrument(request))
}

/// As [`within`], for what does not wait.
pub(crate) fn in_scope<T>(request: Span, work: impl FnOnce() -> T) -> T {
    REQUEST.sync_scope(request, work)
}

/// The span of the request, or of its task, that this work is for; a disabled one when it is for none.
pub(crate) fn current() -> Span {
    REQUEST
        .try_with(Span::clone)
        .unwrap_or_else(|_| Span::none())
}

/// The span of work that may go on after its request was answered: the request's own span ends with the answer.
pub(crate) fn of_task() -> Span {
    let request = current();
    if request.is_disabled() {
        return request;
    }
    trace_span!(parent: &request, "task")
}

/// The span of a request. It belongs to the trace that a trusted proxy names (W3C Trace Context, `traceparent`), and the
/// proxy must not pass on what its client says, for it decides what is collected.
pub(crate) fn of_request(request: &Request, proxies: &TrustedProxies) -> Span {
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
        // It fails only for a span that has begun already.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Named(request.headers())));
    }
    span
}

/// What of a request's headers names its trace. A `tracestate` is anybody's bytes, and would go on to the provider.
struct Named<'a>(&'a HeaderMap);

impl Extractor for Named<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then(|| self.0.get(key)?.to_str().ok())?
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// Low in number, as names of spans are to be: what matches no route is a page or a file.
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

/// The span of an operation of the store. There is none outside a request: what the program checks by itself is not a
/// trace.
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

/// Notes what we answered: a 5xx is an error of ours, a 4xx the client's.
pub(crate) fn note_answer(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        note_error(span, status.as_str());
    }
}

/// Notes that there was an error of this kind.
pub(crate) fn note_error(span: &Span, kind: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", kind);
}

/// Names the trace to whom a request goes (W3C Trace Context, section 3.2).
pub(crate) fn write_on(headers: &mut HeaderMap, span: &Span) {
    if span.is_disabled() {
        return;
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    let (trace, span) = (context.trace_id(), context.span_id());
    let flags = context.trace_flags().to_u8();
    // A log of level trace hears these spans, too, and they are no traces then.
    if !context.is_valid() {
        return;
    }
    if let Ok(named) = HeaderValue::try_from(format!("00-{trace}-{span}-{flags:02x}")) {
        headers.insert(TRACEPARENT, named);
    }
}

/// Sends spans to a collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Within a Tokio runtime. The collector may be down; that is noted in the log.
    ///
    /// # Errors
    /// When further variables of OpenTelemetry (`OTEL_…`) say what this program cannot do.
    pub fn start(config: &TracesConfig) -> anyhow::Result<Self> {
        let mut endpoint = config.collector.clone();
        let path = format!("{}/v1/traces", endpoint.path().trim_end_matches('/'));
        endpoint.set_path(&path);
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_http_client(Collector::new()?)
            .with_timeout(PATIENCE)
            .with_retry_policy(RetryPolicy::disabled())
            .build()?;
        let resource = Resource::builder()
            .with_service_name(config.service_name.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    /// What hears the spans.
    #[must_use]
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let tracer: SdkTracer = self.provider.tracer("bff");
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(
                Targets::new()
                    .with_target(module_path!(), LevelFilter::TRACE)
                    .with_target(oidc_rp::SPAN_TARGET, LevelFilter::TRACE),
            )
    }

    /// Sends what has not been sent.
    pub async fn end(self) {
        let ending =
            tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(AT_THE_END));
        // Whether it arrived is in the log.
        let _ = ending.await;
    }
}

/// The collector's side. The exporter asks from a thread of its own, without a runtime.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
    is_missing: AtomicBool,
}

impl Collector {
    fn new() -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            is_missing: AtomicBool::new(false),
        })
    }

    /// One line when it begins to fail, one when it works again.
    fn note(&self, fault: Option<String>) {
        let was_missing = self.is_missing.swap(fault.is_some(), Ordering::Relaxed);
        match fault {
            Some(cause) if !was_missing => tracing::warn!(event = "traces.not_sent", cause),
            None if was_missing => tracing::info!(event = "traces.sent_again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), request.try_into()?);
        let sending = async move { client.execute(request).await };
        let answer = match self.runtime.spawn(sending).await? {
            Ok(answer) => answer,
            Err(error) => {
                let error = error.without_url();
                self.note(Some(error.to_string()));
                return Err(error.into());
            }
        };
        let status = answer.status();
        let fault = format!("the collector answered with status {}", status.as_u16());
        self.note((!status.is_success()).then_some(fault));
        // What else it says (how many spans it took) changes nothing here.
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = status;
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}
