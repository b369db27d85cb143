//! Stories of the real program.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the failure")]

mod apply;
mod at_once;
mod doctor;
mod errors;
mod interrupted;
mod reads_a_tenant;
mod support;
mod test_sms;
mod write_env;
