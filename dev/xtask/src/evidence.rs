//! What the tests show, as a document: which modules of the OpenID Foundation's conformance suite they re-implement and
//! which numbered attacks and faults they cover.
//!
//! A test says by its name what it shows: `b017_b018_a_callback_of_another_browser_signs_nobody_in`. `listing` asks every
//! test binary for the names of its tests. `modules` and `cases` list all numbers, `left_out` those without a test and why;
//! `audit` refuses a number that is in neither.

mod audit;
mod cases;
mod document;
mod left_out;
mod listing;
mod modules;
mod name;

use crate::workspace;
use anyhow::{Context as _, Result, ensure};
use std::fs;

/// The document, for the tests that the workspace has.
///
/// # Errors
/// When the tests cannot be built, or a number is neither shown nor explained.
pub fn document() -> Result<String> {
    let tests = listing::numbered_tests()?;
    audit::check(&tests)?;
    Ok(document::render(&tests))
}

/// Compares `docs/evidence.md` with [`document`].
///
/// # Errors
/// Those of [`document`], and when the two differ.
pub fn check() -> Result<()> {
    let document = document()?;
    let path = workspace::root().join("docs/evidence.md");
    let written = fs::read_to_string(&path).context("cannot read docs/evidence.md")?;
    ensure!(
        written == document,
        "docs/evidence.md is not what the tests show: cargo xtask evidence > docs/evidence.md"
    );
    Ok(())
}
