//! What the tests show, as a document: which modules of the OpenID Foundation's conformance suite they re-implement and
//! which numbered attacks and faults they cover.
//!
//! A test says by its name what it shows: `b017_b018_a_callback_of_another_browser_signs_nobody_in`. There are two ways
//! to learn which tests passed, and both must give one list:
//!
//! - `sources` finds the names in the sources. `docs/evidence.md` is rendered from these, and a test of this package
//!   compares the file with the rendering without running anything: if one of the tests it lists fails, the same run of
//!   `cargo xtask test` fails with it.
//! - `run` runs the bff's tests and reads the names of those that passed. `cargo xtask evidence` does this, so a test that
//!   is ignored, compiled out or not found by the scan comes to light there.
//!
//! The numbers that there are stand in `modules` and `cases`, those without a test and the reasons in `left_out`;
//! `audit` refuses a number that is in neither.

mod audit;
mod cases;
mod document;
mod left_out;
mod modules;
mod name;
mod run;
mod sources;

use anyhow::Result;

/// The tests that `cargo xtask evidence` runs.
const RELYING_PARTY: &[&str] = &["bff/src", "bff/tests", "crates/oidc-rp/src"];
/// Tests that need a browser, are about the sources, or are of the provider and its SMS connector: listed by what they
/// are called.
const OTHERS: &[&str] = &[
    "crates/connector-aliyun-sms/src",
    "crates/connector-aliyun-sms/tests",
    "crates/embedded-provider/src",
    "crates/embedded-provider/tests",
    "dev/browser-stories/src",
    "dev/browser-stories/tests",
    "frontend/tests",
    "dev/xtask/tests",
];

/// The document, for the tests that the sources have.
///
/// # Errors
/// When a source cannot be read, or a number is neither shown nor explained.
pub fn document() -> Result<String> {
    let mut tests = sources::numbered_tests(RELYING_PARTY)?;
    tests.extend(sources::numbered_tests(OTHERS)?);
    audit::check(&tests)?;
    Ok(document::render(&tests))
}

/// Runs the bff's tests and checks that those that passed are those in the sources.
///
/// # Errors
/// When a test fails, or the two lists differ; the text says how.
pub fn check_by_running() -> Result<()> {
    let found = sources::numbered_tests(RELYING_PARTY)?;
    run::compare(&found, &run::passed_tests()?)
}
