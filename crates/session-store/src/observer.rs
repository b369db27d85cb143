//! For metrics and traces of the application.

use std::time::Duration;
use tracing::Span;

/// How an operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database returned an error.
    Failed,
    /// There was no result in time.
    TimedOut,
}

/// Is called around each operation of the database. Operations have short names: `get`, `insert`, `replace`, …
pub trait Observer: Send + Sync + 'static {
    /// The span in which the operation runs.
    fn span(&self, operation: &'static str) -> Span {
        let _ = operation;
        Span::none()
    }

    /// The operation has ended.
    fn ended(&self, operation: &'static str, span: &Span, took: Duration, fault: Option<Fault>);
}

/// Observes nothing.
pub(crate) struct Nothing;

impl Observer for Nothing {
    fn ended(&self, _: &'static str, _: &Span, _: Duration, _: Option<Fault>) {}
}
