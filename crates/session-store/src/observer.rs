//! For metrics and traces of the application.

use crate::Error;
use std::time::Duration;
use tracing::{Span, field::Empty, trace_span};

/// The target of the [`tracing`] spans of operations of the database. Their level is `TRACE`, and OpenTelemetry's semantic
/// conventions name their fields. There are none outside a span of the application: what a program does by itself, again
/// and again, is no trace.
pub const SPAN_TARGET: &str = "session_store::operation";

/// How an operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database returned an error.
    Failed,
    /// There was no result in time.
    TimedOut,
}

/// Sees each operation of the database. `()` observes nothing.
pub trait Observer: Send + Sync + 'static {
    /// An operation has ended after `took`. Operations have short names: `get`, `insert`, `replace`, …
    fn ended(&self, operation: &'static str, took: Duration, fault: Option<Fault>) {
        let _ = (operation, took, fault);
    }
}

impl Observer for () {}

pub(crate) fn span(operation: &'static str) -> Span {
    if Span::current().is_none() {
        return Span::none();
    }
    trace_span!(
        target: SPAN_TARGET,
        "store",
        otel.name = format!("store {operation}"),
        otel.kind = "client",
        otel.status_code = Empty,
        "error.type" = Empty,
        db.operation.name = operation,
    )
}

/// How the operation failed, which its span records.
pub(crate) fn note<T>(span: &Span, result: &Result<T, Error>) -> Option<Fault> {
    let (fault, kind) = match result {
        Ok(_) => return None,
        Err(Error::TimedOut) => (Fault::TimedOut, "timed_out"),
        Err(_) => (Fault::Failed, "fault"),
    };
    span.record("otel.status_code", "ERROR");
    span.record("error.type", kind);
    Some(fault)
}
