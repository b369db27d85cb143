//! `cargo xtask dist`: the frontend as the bff serves it.

use crate::frontend;
use anyhow::Result;

/// Builds the frontend and finishes it, whether or not a source has changed.
///
/// # Errors
/// When the build does not succeed.
pub fn run() -> Result<()> {
    frontend::build()
}
