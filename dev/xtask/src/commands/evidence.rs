//! `cargo xtask evidence`: runs the bff's tests and prints what they show. `docs/evidence.md` is this output.

use crate::{evidence, interrupt};
use anyhow::Result;
use std::io::{self, Write as _};

/// Prints the document, when the tests that it lists have passed.
///
/// # Errors
/// When a test fails, when the run and the sources differ, or when a number is not accounted for.
pub fn run() -> Result<()> {
    let document = evidence::document()?;
    interrupt::watch()?;
    evidence::check_by_running()?;
    io::stdout().write_all(document.as_bytes())?;
    Ok(())
}
