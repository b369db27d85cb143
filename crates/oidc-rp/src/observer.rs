//! What an application adds to each request to the provider, and measures of it.

use http::{HeaderMap, StatusCode};
use std::time::Duration;

/// The target of the spans of requests to the provider. Their level is `TRACE`, and their fields are named by OpenTelemetry's
/// semantic conventions.
pub const SPAN_TARGET: &str = "oidc_rp::request";

/// Sees each request to the provider. `()` observes nothing.
///
/// Every request also has a [`tracing`] span, see [`SPAN_TARGET`].
pub trait Observer: Send + Sync {
    /// Adds headers to a request, such as `traceparent` (W3C Trace Context). It is called within the request's span.
    fn before(&self, headers: &mut HeaderMap) {
        let _ = headers;
    }

    /// A request ended after `took`. `endpoint` is the role of the endpoint, never its address; the error is its kind.
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
