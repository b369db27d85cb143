//! Traces for whoever collects them (OTLP over HTTP): a span for each request, for each question to the provider and for
//! each to the store. Without `OTEL_EXPORTER_OTLP_ENDPOINT` nobody listens to these spans, and each costs a look at a flag.
//!
//! Like the log they have no path, query, header or body: names of routes, endpoints and operations, and how it ended.

use crate::{client_address::TrustedProxies, config::TracesConfig, metrics};
use async_trait::async_trait;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use http::{HeaderMap, Method, StatusCode};
use opentelemetry::{KeyValue, propagation::TextMapPropagator, trace::TracerProvider};
use opentelemetry_http::{Bytes, HeaderExtractor, HeaderInjector, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::runtime::Handle;
use tracing::{Instrument, Span, Subscriber, field::Empty, level_filters::LevelFilter, trace_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// What the spans for traces are known by. They are of the lowest level, so that no usual log has them.
const TARGET: &str = "bff::traces";
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

tokio::task_local! {
    /// The span of the request that this work is for. The log's span is entered within it, and hides it.
    static REQUEST: Span;
}

/// Does work for the request of this span; what it asks for is within the span.
pub(crate) fn within<T>(request: Span, work: impl Future<Output = T>) -> impl Future<Output = T> {
    REQUEST.scope(request.clone(), work.instrument(request))
}

/// The span of the request that this work is for; a disabled one when it is for none.
pub(crate) fn current() -> Span {
    REQUEST
        .try_with(Span::clone)
        .unwrap_or_else(|_| Span::none())
}

/// The span of a request. It belongs to the trace that a trusted proxy has begun (W3C Trace Context, `traceparent`); what
/// anybody else says of a trace is not believed, for it would decide what is collected.
pub(crate) fn of_request(request: &Request, proxies: &TrustedProxies) -> Span {
    let span = trace_span!(
        target: TARGET,
        "request",
        otel.name = name_of(request),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method_of(request.method()),
        http.route = request.extensions().get().map(MatchedPath::as_str),
        http.response.status_code = Empty,
    );
    if !span.is_disabled() && comes_from_a_proxy(request, proxies) {
        let headers = HeaderExtractor(request.headers());
        // A span that has just begun takes a parent.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&headers));
    }
    span
}

/// Low in number, as names of spans are to be: what matches no route is a page or a file.
fn name_of(request: &Request) -> String {
    let method = method_of(request.method());
    match request.extensions().get::<MatchedPath>() {
        Some(route) => format!("{method} {}", route.as_str()),
        None => method.to_owned(),
    }
}

fn method_of(method: &Method) -> &'static str {
    metrics::known(method).unwrap_or("_OTHER")
}

fn comes_from_a_proxy(request: &Request, proxies: &TrustedProxies) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|peer| proxies.trusts(peer.0.ip().to_canonical()))
}

/// The span of a question to this endpoint of the provider.
pub(crate) fn of_provider(role: &'static str, method: &Method) -> Span {
    trace_span!(
        target: TARGET,
        "provider",
        otel.name = role,
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = method_of(method),
        http.response.status_code = Empty,
        "error.type" = Empty,
    )
}

/// The span of an operation of the store.
pub(crate) fn of_store(operation: &'static str) -> Span {
    trace_span!(
        target: TARGET,
        "store",
        otel.name = operation,
        otel.kind = "client",
        otel.status_code = Empty,
    )
}

/// Notes what a request was answered with; a fault of the other side is an error.
pub(crate) fn note_status(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        note_error(span);
    }
}

pub(crate) fn note_error(span: &Span) {
    span.record("otel.status_code", "ERROR");
}

/// Names the trace to whom a request goes.
pub(crate) fn write_on(headers: &mut HeaderMap, span: &Span) {
    if !span.is_disabled() {
        TraceContextPropagator::new().inject_context(&span.context(), &mut HeaderInjector(headers));
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
            .with_filter(Targets::new().with_target(TARGET, LevelFilter::TRACE))
    }

    /// Sends what has not been sent.
    pub async fn end(self) {
        let ending = tokio::task::spawn_blocking(move || self.provider.shutdown());
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
            // Without the address, which may have a password.
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
