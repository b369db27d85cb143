//! The start of a program's log and traces. The log goes to standard error; traces go to a collector if the settings name one.

mod collector;
pub mod log_text;
pub mod trace_context;

use collector::Traces;
use http_client::HttpConfig;
use serde::Deserialize;
use settings::{
    Reader, Refused, all,
    parse::{Parsed, any_web_url, filled, named},
};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{
    EnvFilter, Layer, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};
use url::Url;

/// Which lines the log has.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// How lines look. From `LOG_FORMAT`.
    pub format: LogFormat,
    /// Which events are logged, as directives of `tracing`. From `RUST_LOG`.
    pub filter: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Where traces go.
#[derive(Clone, Debug)]
pub struct TracesConfig {
    /// Takes OTLP over HTTP at `/v1/traces` below it. From `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub collector: Url,
    /// What this service is called there. From `OTEL_SERVICE_NAME`.
    pub service_name: String,
}

impl LogConfig {
    /// Reads the settings.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        all!(Self {
            format: reader.required("LOG_FORMAT", |text| {
                named(text).ok_or("is neither text nor json")
            }),
            filter: reader.required("RUST_LOG", log_filter),
        })
    }
}

fn log_filter(text: &str) -> Parsed<String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("is not a list of levels such as info,bff=debug"),
    }
}

impl TracesConfig {
    /// Reads the settings. `None` if they name no collector.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Refused> {
        let collector = reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT", any_web_url);
        let service_name = reader.required("OTEL_SERVICE_NAME", filled)?;
        Ok(collector?.map(|collector| Self {
            collector,
            service_name,
        }))
    }
}

/// The log, and traces if there is a collector.
pub struct Telemetry(Option<Traces>);

impl Telemetry {
    /// Starts both, once in a process and within a Tokio runtime. The collector may be down; the log says so then. It is reached
    /// as `http` says, and gets the spans of these targets and no other span or event.
    ///
    /// # Errors
    /// When a variable of OpenTelemetry (`OTEL_…`) asks for something that this program cannot do.
    pub fn start(
        log: &LogConfig,
        traces: Option<&TracesConfig>,
        http: &HttpConfig,
        targets: &[&'static str],
    ) -> anyhow::Result<Self> {
        let traces = traces
            .map(|traces| Traces::start(traces, http))
            .transpose()?;
        let lines = fmt::layer()
            .with_ansi(stderr().is_terminal())
            .with_writer(stderr);
        let lines = match log.format {
            LogFormat::Text => lines.boxed(),
            LogFormat::Json => lines.json().boxed(),
        };
        registry()
            .with(lines.with_filter(EnvFilter::new(&log.filter)))
            .with(traces.as_ref().map(|traces| traces.layer(targets)))
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
