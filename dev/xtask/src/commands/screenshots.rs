//! `cargo xtask screenshots`: a picture of every page, for documents and for developers who change how pages look.

use crate::{in_browser, interrupt};
use anyhow::Result;

/// Builds what is needed, and writes the pictures into `docs/screenshots`.
///
/// # Errors
/// When something cannot be built or started, or a page does not come.
pub fn run() -> Result<()> {
    interrupt::watch()?;
    in_browser::prepare()?;
    in_browser::run("screenshots", &[])
}
