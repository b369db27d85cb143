//! Whoever collects traces, beside the program.

use super::server::{Server, free_port};
use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use std::sync::{Arc, Mutex};

/// What it was sent, as it came.
type Sent = Arc<Mutex<Vec<Bytes>>>;

pub(crate) struct Collector {
    pub(crate) server: Server,
    sent: Sent,
}

/// What a story asks of a span.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(crate) service: String,
    pub(crate) span: Span,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let sent = Sent::default();
        let take = async |State(sent): State<Sent>, body: Bytes| sent.lock().unwrap().push(body);
        let router = Router::new().route("/v1/traces", post(take));
        let router = router.with_state(sent.clone());
        let server = Server::start(free_port().await, router);
        Self { server, sent }
    }

    /// Everything that it was sent.
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
            let resource = of.resource.unwrap();
            let named = resource
                .attributes
                .iter()
                .find(|at| at.key == "service.name");
            let service = format!("{:?}", named.unwrap().value);
            let spans = of.scope_spans.into_iter().flat_map(|scope| scope.spans);
            spans.map(move |span| Collected {
                service: service.clone(),
                span,
            })
        });
        spans.collect()
    }

    /// How many spans of this name are within another.
    pub(crate) fn within(&self, other: &Collected, name: &str) -> usize {
        let is_within = |of: &&Collected| {
            of.span.name == name
                && of.span.trace_id == other.span.trace_id
                && of.span.parent_span_id == other.span.span_id
        };
        self.spans().iter().filter(is_within).count()
    }

    /// The only span of this name.
    pub(crate) fn only(&self, name: &str) -> Collected {
        let mut spans = self.spans();
        spans.retain(|collected| collected.span.name == name);
        assert_eq!(spans.len(), 1, "{name} in {:?}", self.spans());
        spans.remove(0)
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

    /// An attribute, in Rust's words.
    pub(crate) fn says(&self, key: &str) -> String {
        let attribute = self.span.attributes.iter().find(|at| at.key == key);
        format!("{:?}", attribute.and_then(|at| at.value.clone()?.value))
    }

    /// As `traceparent` names it.
    pub(crate) fn as_parent(&self) -> String {
        let [trace, span] = [&self.span.trace_id, &self.span.span_id].map(hex::encode);
        format!("00-{trace}-{span}-01")
    }
}
