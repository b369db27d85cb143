//! The collector of traces (OTLP over HTTP).

use crate::TracesConfig;
use async_trait::async_trait;
use http_client::HttpConfig;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::runtime::Handle;
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// How long the collector may take for one request.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How long the last spans may take when the program stops: those that are being sent, and the rest.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// Sends spans to a collector.
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    pub(super) fn start(config: &TracesConfig, http: &HttpConfig) -> anyhow::Result<Self> {
        let mut endpoint = config.collector.clone();
        let path = format!("{}/v1/traces", endpoint.path().trim_end_matches('/'));
        endpoint.set_path(&path);
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_http_client(Collector::new(http)?)
            .with_timeout(TIMEOUT)
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

    /// Takes the spans of these targets, and no other span or event: a line of the log has a path.
    pub(super) fn layer<S>(&self, targets: &[&'static str]) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let targets = targets.iter().map(|target| (*target, LevelFilter::TRACE));
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("telemetry"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_targets(targets))
    }

    /// Sends the spans that have not been sent.
    pub(super) async fn end(self) {
        let shutdown = move || self.provider.shutdown_with_timeout(SHUTDOWN_TIMEOUT);
        // A failure is in the log.
        let _ = tokio::task::spawn_blocking(shutdown).await;
    }
}

/// Sends what the exporter gives it. The exporter's thread has no runtime.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
    is_failing: AtomicBool,
}

impl Collector {
    fn new(http: &HttpConfig) -> reqwest::Result<Self> {
        let client = http.builder(None).timeout(TIMEOUT).build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            is_failing: AtomicBool::new(false),
        })
    }

    /// Logs one line when the collector begins to fail, and one when it works again.
    fn note(&self, fault: Option<String>) {
        let was_failing = self.is_failing.swap(fault.is_some(), Ordering::Relaxed);
        match fault {
            Some(cause) if !was_failing => tracing::warn!(event = "traces.not_sent", cause),
            None if was_failing => tracing::info!(event = "traces.sent_again"),
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
        let answered = match self.runtime.spawn(sending).await? {
            Ok(answered) => answered,
            Err(error) => {
                let error = error.without_url();
                self.note(Some(error.to_string()));
                return Err(error.into());
            }
        };
        let status = answered.status();
        let fault = format!("the collector answered with status {}", status.as_u16());
        self.note((!status.is_success()).then_some(fault));
        // The body says how many spans were taken, which changes nothing here.
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = status;
        *response.headers_mut() = answered.headers().clone();
        Ok(response)
    }
}
