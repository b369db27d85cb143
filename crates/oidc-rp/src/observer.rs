//! The application's view of each request to the provider.

use http::{HeaderMap, StatusCode};
use std::{sync::Arc, time::Duration};

/// The target of the [`tracing`] spans of requests to the provider. Their level is `TRACE`, and OpenTelemetry's semantic
/// conventions name their fields.
pub const SPAN_TARGET: &str = "oidc_rp::request";

/// Sees each request to the provider. `()` observes nothing.
pub trait Observer: Send + Sync {
    /// Adds headers to a request, such as `traceparent` (W3C Trace Context). The request's span is entered meanwhile.
    fn before(&self, headers: &mut HeaderMap) {
        let _ = headers;
    }

    /// A request ended after `took`. `endpoint` is the endpoint's role, never its address; the error is the failure's kind.
    fn after(
        &self,
        endpoint: &'static str,
        took: Duration,
        result: Result<StatusCode, &'static str>,
    ) {
        let _ = (endpoint, took, result);
    }
}

impl Observer for () {}

/// An observer that a program shares with its other parts.
impl<O: Observer> Observer for Arc<O> {
    fn before(&self, headers: &mut HeaderMap) {
        O::before(self, headers);
    }

    fn after(
        &self,
        endpoint: &'static str,
        took: Duration,
        result: Result<StatusCode, &'static str>,
    ) {
        O::after(self, endpoint, took, result);
    }
}
