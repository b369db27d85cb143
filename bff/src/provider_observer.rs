//! Requests to the provider in the bff's metrics and traces.

use crate::{metrics::ProviderMetrics, telemetry};
use http::{HeaderMap, HeaderValue, StatusCode, header::USER_AGENT};
use oidc_rp::Observer;
use std::time::Duration;
use tracing::Span;

/// Counts and measures each request to the provider, and adds `traceparent` and the name of this program to it.
pub(crate) struct ProviderObserver(pub(crate) ProviderMetrics);

impl Observer for ProviderObserver {
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
