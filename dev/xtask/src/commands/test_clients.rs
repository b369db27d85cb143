//! `cargo xtask test-aliyun-clients`, `cargo xtask test-logto-sdks`: other people's programs against the servers.

use crate::{
    binaries, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;

/// Builds the servers, and runs the crate that has the clients: it installs them when their lock file has changed, and
/// lets each go through its cases.
///
/// # Errors
/// When something cannot be built or installed, or an outcome is not the expected one.
pub fn run(package: &str) -> Result<()> {
    interrupt::watch()?;
    step("Building the servers", binaries::build)?;
    let package = format!("--package={package}");
    let mut clients = cargo(&["run", "--quiet", &package]);
    let status = program::run_beside_servers(&mut clients)?;
    program::require_success(&clients, status)
}
