//! `cargo xtask evidence`: asks the tests for their names and prints what they show. `docs/evidence.md` is this output.

use crate::evidence;
use anyhow::Result;
use std::io::{self, Write as _};

/// Prints the document.
///
/// # Errors
/// When the tests cannot be built, or when a number is not accounted for.
pub fn run() -> Result<()> {
    io::stdout().write_all(evidence::document()?.as_bytes())?;
    Ok(())
}
