//! What holds for the workspace as a whole.

#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts tests, not the functions beside them"
)]

mod documents;
mod generated;
mod invariants;
