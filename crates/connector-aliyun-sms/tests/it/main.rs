//! Stories: the real client and the real sandbox over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts tests, not the functions beside them"
)]

mod answers;
mod faults;
mod flow_limits;
mod inbox;
mod program;
mod refusals;
mod sending;
mod serving;
mod signature_v1;
mod support;
mod vectors;
