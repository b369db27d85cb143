//! Stories of the real program.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the failure")]

mod errors;
mod reads_a_tenant;
mod support;
