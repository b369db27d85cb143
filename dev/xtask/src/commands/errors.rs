//! `cargo xtask errors`: prints what can go wrong and what to do. `docs/errors.md` is this output.

use crate::errors;
use anyhow::Result;
use std::io::{self, Write as _};

/// Prints the document.
///
/// # Errors
/// When nobody reads it.
pub fn run() -> Result<()> {
    io::stdout().write_all(errors::document().as_bytes())?;
    Ok(())
}
