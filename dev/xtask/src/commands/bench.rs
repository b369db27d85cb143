//! `cargo xtask bench`: how fast the bff is with a session, beside a plain route; and what the first page costs.

use crate::{
    in_browser, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;
use std::ffi::OsString;

/// Builds the bff as it is shipped, measures and prints a table. The arguments are those of `load-tests bench`.
///
/// # Errors
/// When something cannot be built or started, or an answer is wrong; never because something is slow.
pub fn run(arguments: &[OsString]) -> Result<()> {
    interrupt::watch()?;
    step("Building the bff as it is shipped", build)?;
    let release = ["run", "--quiet", "--release", "--package=load-tests"];
    let mut load_tests = cargo(&[&release[..], &["--", "bench"]].concat());
    let status = program::run_beside_servers(load_tests.args(arguments))?;
    program::require_success(&load_tests, status)
}

/// Builds, measures the first page in a browser, and prints a table.
///
/// # Errors
/// When something cannot be built or started, or the page does not do what it has to; never because something is slow.
pub fn page(rounds: u32) -> Result<()> {
    interrupt::watch()?;
    in_browser::prepare()?;
    step("Building the bff as it is shipped", build)?;
    in_browser::run("page-bench", &[&rounds.to_string()])
}

fn build() -> Result<()> {
    let release = ["build", "--release", "--package=bff", "--bins"];
    program::run(&mut cargo(&release))
}
