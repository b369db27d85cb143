//! What operators see of the program: its log, traces of its requests, and for each request an id, a line in the log and a count.

mod collector;
mod spans;

pub(crate) use spans::{current, in_scope, note_error, of_store, of_task, within, write_on};

use crate::{
    config::{Config, LogFormat},
    log_text,
    metrics::Requests,
    request::client_address::TrustedProxies,
};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use collector::Traces;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use rand::RngExt;
use std::{
    io::{IsTerminal, stderr},
    sync::Arc,
    time::Instant,
};
use tracing::Instrument;
use tracing_subscriber::{
    EnvFilter, Layer, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_METHOD: usize = 16;
const LONGEST_PATH: usize = 256;

/// The log on standard error, and traces if the settings name a collector.
pub struct Telemetry(Option<Traces>);

impl Telemetry {
    /// Starts both, once in a process and within a Tokio runtime. The collector may be down; the log says so then.
    ///
    /// # Errors
    /// When a variable of OpenTelemetry (`OTEL_…`) asks for something that this program cannot do.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        let traces = config.traces.as_ref().map(Traces::start).transpose()?;
        let log = fmt::layer()
            .with_ansi(stderr().is_terminal())
            .with_writer(stderr);
        let log = match config.log_format {
            LogFormat::Text => log.boxed(),
            LogFormat::Json => log.json().boxed(),
        };
        registry()
            .with(log.with_filter(EnvFilter::new(&config.log_filter)))
            .with(traces.as_ref().map(Traces::layer))
            .init();
        Ok(Self(traces))
    }

    /// Sends the spans that have not been sent.
    pub async fn end(self) {
        if let Some(traces) = self.0 {
            traces.end().await;
        }
    }
}

/// Follows a request in a span of its trace, until it is answered.
pub(crate) async fn trace_request(
    State(trusted_proxies): State<Arc<TrustedProxies>>,
    request: Request,
    next: Next,
) -> Response {
    let span = spans::of_request(&request, &trusted_proxies);
    let response = within(span.clone(), next.run(request)).await;
    spans::note_answer(&span, response.status());
    response
}

/// Gives a request an id, in its response and in each line that it leaves in the log, so that a person who reports a fault can
/// name these lines. An id that the client sent is ignored: it could be anything, and come twice.
pub(crate) async fn name_request(request: Request, next: Next) -> Response {
    let request_id = hex::encode(rand::rng().random::<[u8; 8]>());
    // Of the highest level, so that no filter of the log leaves an error without its request.
    let span = tracing::error_span!("request", %request_id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

/// Writes one line for a request, and counts it.
pub(crate) async fn log_request(
    State(requests): State<Requests>,
    request: Request,
    next: Next,
) -> Response {
    let entry = AccessLogEntry::begin(&request);
    let response = next.run(request).await;
    let route = entry.route.as_ref().map(MatchedPath::as_str);
    let status = response.status();
    requests.count(&entry.method, route, status.as_u16());
    entry.write(status);
    response
}

/// A line of the log: method, path, status, milliseconds. Never the query, which holds the code of a callback, and never a
/// header, which may hold cookies.
struct AccessLogEntry {
    begun: Instant,
    method: Method,
    uri: Uri,
    route: Option<MatchedPath>,
}

impl AccessLogEntry {
    fn begin(request: &Request) -> Self {
        Self {
            begun: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get().cloned(),
        }
    }

    fn write(&self, status: StatusCode) {
        tracing::info!(
            event = "request",
            method = %log_text::word(self.method.as_str(), LONGEST_METHOD),
            path = log_text::word(self.uri.path(), LONGEST_PATH),
            status = status.as_u16(),
            ms = (self.begun.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
        );
    }
}
