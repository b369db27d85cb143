//! The programs of `browser-stories`: they open a shop and look at it in a real browser. They depend on this crate, so
//! they are built and run from here like any other program.

use crate::{
    binaries,
    browser::Browser,
    frontend,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;

/// Builds what they start, as `cargo xtask test` does for the stories.
///
/// # Errors
/// When something cannot be installed or built.
pub(crate) fn prepare() -> Result<()> {
    Browser::ensure()?;
    step("Compiling the servers", binaries::build)?;
    frontend::build_if_changed()
}

/// Builds one of the programs and runs it to its end.
///
/// # Errors
/// When it does not succeed; it has said why.
pub(crate) fn run(name: &str, arguments: &[&str]) -> Result<()> {
    let bin = format!("--bin={name}");
    let cargo_arguments = ["run", "--quiet", "--package=browser-stories", &bin, "--"];
    let mut program = cargo(&[&cargo_arguments, arguments].concat());
    let status = program::run_beside_servers(&mut program)?;
    program::require_success(&program, status)
}
