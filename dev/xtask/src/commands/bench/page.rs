//! `cargo xtask bench page`: what the first page costs in a browser.

use crate::{
    in_browser, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;

/// Builds, measures and prints a table.
///
/// # Errors
/// When something cannot be built or started, or the page does not do what it has to; never because something is slow.
pub fn run(rounds: u32) -> Result<()> {
    interrupt::watch()?;
    in_browser::prepare()?;
    step("Building the bff as it is shipped", || {
        program::run(&mut cargo(&[
            "build",
            "--release",
            "--package=bff",
            "--bins",
        ]))
    })?;
    in_browser::run("page-bench", &[&rounds.to_string()])
}
