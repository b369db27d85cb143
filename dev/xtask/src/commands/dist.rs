//! `cargo xtask dist`: the frontend as the bff serves it.

use crate::{frontend, step::step, tools::SearchPath};
use anyhow::Result;

/// Builds the frontend and finishes it, whether or not a source has changed.
///
/// # Errors
/// When a tool cannot be installed or the build does not succeed.
pub fn run() -> Result<()> {
    let path = SearchPath::of_this_machine();
    frontend::ensure_tools(&path)?;
    step("Building the frontend", || frontend::build(&path))
}
