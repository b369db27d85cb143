//! Requests to the provider and operations of the session store in the bff's metrics and traces.

use crate::{
    metrics::{ProviderMetrics, SecondsBy},
    telemetry,
};
use http::{HeaderMap, HeaderValue, StatusCode, header::USER_AGENT};
use session_store::Fault;
use std::time::Duration;
use tracing::Span;

/// Counts and measures each request to the provider, and adds `traceparent` to it.
pub(crate) struct ProviderObserver(pub(crate) ProviderMetrics);

impl oidc_rp::Observer for ProviderObserver {
    fn before(&self, headers: &mut HeaderMap) {
        let user_agent = concat!("bff/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(user_agent));
        telemetry::write_on(headers, &Span::current());
    }

    fn after(
        &self,
        endpoint: &'static str,
        took: Duration,
        result: Result<StatusCode, &'static str>,
    ) {
        self.0.seconds.observe(endpoint, took);
        if let Err(kind) = result {
            self.0.errors.count(endpoint, kind);
        }
    }
}

/// Measures and traces the operations of the session store.
pub(crate) struct StoreObserver(pub(crate) SecondsBy);

impl session_store::Observer for StoreObserver {
    fn span(&self, operation: &'static str) -> Span {
        telemetry::of_store(operation)
    }

    fn ended(&self, operation: &'static str, span: &Span, took: Duration, fault: Option<Fault>) {
        self.0.observe(operation, took);
        match fault {
            Some(Fault::TimedOut) => telemetry::note_error(span, "timed_out"),
            Some(Fault::Failed) => telemetry::note_error(span, "fault"),
            None => {}
        }
    }
}
