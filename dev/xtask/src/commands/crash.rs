//! `cargo xtask crash`: kills a bff or its store under load, again and again, and looks what has become of the sessions.

use crate::{
    binaries, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;
use std::ffi::OsString;

/// Builds the servers, then does the rounds. The arguments are those of `load-tests crash`.
///
/// # Errors
/// When a rule was broken, or something cannot be built or started.
pub fn run(arguments: &[OsString]) -> Result<()> {
    interrupt::watch()?;
    step("Building the servers", binaries::build)?;
    let mut load_tests = cargo(&["run", "--quiet", "--package=load-tests", "--", "crash"]);
    let status = program::run_beside_servers(load_tests.args(arguments))?;
    program::require_success(&load_tests, status)
}
