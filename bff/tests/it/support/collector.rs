//! Whoever collects traces, beside the program.

use super::server::{Server, free_port};
use axum::{Router, body::Bytes, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use std::{
    iter,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// What it was sent, as it came.
type Sent = Arc<Mutex<Vec<Bytes>>>;

pub(crate) struct Collector {
    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` says.
    pub(crate) endpoint: String,
    sent: Sent,
    takes: Arc<AtomicBool>,
    _server: Server,
}

/// A span, and the service that sent it.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(crate) service: String,
    pub(crate) span: Span,
}

impl Collector {
    /// One behind a path.
    pub(crate) async fn start() -> Self {
        let (sent, takes) = (Sent::default(), Arc::new(AtomicBool::new(true)));
        let (kept, is_taken) = (sent.clone(), takes.clone());
        let take = async move |body: Bytes| {
            if !is_taken.load(Ordering::Relaxed) {
                return http::StatusCode::BAD_REQUEST;
            }
            kept.lock().unwrap().push(body);
            http::StatusCode::OK
        };
        let router = Router::new().route("/otlp/v1/traces", post(take));
        let server = Server::start(free_port().await, router);
        Self {
            endpoint: format!("{}/otlp", server.url),
            sent,
            takes,
            _server: server,
        }
    }

    /// Whether it takes what it is sent from now on.
    pub(crate) fn take(&self, takes: bool) {
        self.takes.store(takes, Ordering::Relaxed);
    }

    /// Everything that it took.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.sent.lock().unwrap().concat()
    }

    pub(crate) fn spans(&self) -> Vec<Collected> {
        let sent = self.sent.lock().unwrap();
        let requests = sent
            .iter()
            .map(|body| ExportTraceServiceRequest::decode(body.clone()));
        let resources = requests.flat_map(|request| request.unwrap().resource_spans);
        let spans = resources.flat_map(|of| {
            let service = said(&of.resource.unwrap().attributes, "service.name");
            let spans = of.scope_spans.into_iter().flat_map(|scope| scope.spans);
            spans.map(move |span| Collected {
                service: service.clone(),
                span,
            })
        });
        spans.collect()
    }

    /// How many spans of this name are within another, at any depth.
    pub(crate) fn within(&self, other: &Collected, name: &str) -> usize {
        let spans = self.spans();
        let parent = |of: &Collected| {
            let is_parent = |parent: &&Collected| parent.span.span_id == of.span.parent_span_id;
            spans.iter().find(is_parent)
        };
        let is_within = |of: &&Collected| {
            let mut ancestors = iter::successors(parent(of), |of| parent(of));
            of.span.name == name && ancestors.any(|of| of.span.span_id == other.span.span_id)
        };
        spans.iter().filter(is_within).count()
    }

    /// The only span of this name.
    pub(crate) fn only(&self, name: &str) -> Collected {
        let mut spans = self.spans();
        spans.retain(|collected| collected.span.name == name);
        assert_eq!(spans.len(), 1, "{name} in {:?}", self.spans());
        spans.remove(0)
    }
}

/// An attribute as text; empty when it is not there.
fn said(attributes: &[KeyValue], key: &str) -> String {
    let attribute = attributes.iter().find(|attribute| attribute.key == key);
    match attribute.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(other) => panic!("{key} is {other:?}"),
        None => String::new(),
    }
}

impl Collected {
    pub(crate) fn is_server(&self) -> bool {
        self.span.kind() == SpanKind::Server
    }

    pub(crate) fn is_error(&self) -> bool {
        let status = self.span.status.as_ref();
        status.is_some_and(|status| status.code() == StatusCode::Error)
    }

    /// An attribute as text; empty when it is not there.
    pub(crate) fn says(&self, key: &str) -> String {
        said(&self.span.attributes, key)
    }

    /// As `traceparent` names it.
    pub(crate) fn as_parent(&self) -> String {
        let [trace, span] = [&self.span.trace_id, &self.span.span_id].map(hex::encode);
        format!("00-{trace}-{span}-01")
    }
}
