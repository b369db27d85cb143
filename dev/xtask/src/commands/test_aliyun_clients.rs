//! `cargo xtask test-aliyun-clients`: other people's clients of Aliyun SMS against the sandbox.

use crate::{
    binaries, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;

/// Builds the servers, installs the clients when their lock files have changed, and lets each go through every case.
///
/// # Errors
/// When something cannot be built or installed, or an outcome is not the expected one.
pub fn run() -> Result<()> {
    interrupt::watch()?;
    step("Building the servers", binaries::build)?;
    let mut clients = cargo(&["run", "--quiet", "--package=aliyun-clients"]);
    let status = program::run_beside_servers(&mut clients)?;
    program::require_success(&clients, status)
}
