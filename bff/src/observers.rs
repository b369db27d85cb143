//! Requests to the provider and operations of the session store in the bff's metrics.

use crate::metrics::{Metrics, Seconds};
use http::{HeaderMap, HeaderValue, StatusCode, header::USER_AGENT};
use session_store::Fault;
use std::time::Duration;
use telemetry::trace_context;
use tracing::Span;

/// Counts and measures each request to the provider, and adds `traceparent` to it.
impl oidc_rp::Observer for Metrics {
    fn before(&self, headers: &mut HeaderMap) {
        let user_agent = concat!("bff/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(user_agent));
        trace_context::name_in(headers, &Span::current());
    }

    fn after(
        &self,
        endpoint: &'static str,
        took: Duration,
        result: Result<StatusCode, &'static str>,
    ) {
        self.provider_seconds.observe(endpoint, took);
        if let Err(kind) = result {
            self.provider_faults.count(endpoint, kind);
        }
    }
}

/// Measures the operations of the session store.
impl session_store::Observer for Seconds {
    fn ended(&self, operation: &'static str, took: Duration, _: Option<Fault>) {
        self.observe(operation, took);
    }
}
