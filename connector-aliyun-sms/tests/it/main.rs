//! Stories: the real client and the real sandbox over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts tests, not the functions beside them"
)]

mod answers;
mod inbox;
mod program;
mod refusals;
mod sending;
mod serving;
mod support;
mod vectors;
