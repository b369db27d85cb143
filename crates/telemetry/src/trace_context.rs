//! The trace that a request belongs to, in the header `traceparent` (W3C Trace Context). `tracestate` is left out in both
//! directions: it would carry bytes of a client to the servers that we call.

use http::{HeaderMap, HeaderValue};
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// Makes a span that has not begun a part of the trace that the headers name.
pub fn join(span: &Span, headers: &HeaderMap) {
    // Fails only for a span that has begun already.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Received(headers)));
}

/// Names the span's trace in the headers of a request. A span that is in no trace changes nothing.
pub fn name_in(headers: &mut HeaderMap, span: &Span) {
    if !span.is_disabled() {
        TraceContextPropagator::new().inject_context(&span.context(), &mut Sent(headers));
    }
}

struct Received<'a>(&'a HeaderMap);

impl Extractor for Received<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then(|| self.0.get(key)?.to_str().ok())?
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

struct Sent<'a>(&'a mut HeaderMap);

impl Injector for Sent<'_> {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACEPARENT
            && let Ok(value) = HeaderValue::try_from(value)
        {
            self.0.insert(TRACEPARENT, value);
        }
    }
}
