//! Requests to the provider in the bff's metrics and traces.

use crate::{metrics::ProviderMetrics, telemetry};
use http::{HeaderMap, StatusCode};
use oidc_rp::Observer;
use std::time::Duration;
use tracing::Span;

/// Counts and measures each request to the provider, and adds `traceparent` to it.
pub(crate) struct ProviderObserver(pub(crate) ProviderMetrics);

impl Observer for ProviderObserver {
    fn before(&self, headers: &mut HeaderMap) {
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
            self.0.faults.count(endpoint, kind);
        }
    }
}
