//! `cargo xtask test-logto-sdks`: Logto's SDKs at the embedded provider, and the bff at the engine inside Logto.

use crate::{
    binaries, interrupt,
    program::{self, cargo},
    step::step,
};
use anyhow::Result;

/// Builds the servers, installs the packages when their lock file has changed, and lets each pair go through its story.
///
/// # Errors
/// When something cannot be built or installed, or a story does not end as at a Logto.
pub fn run() -> Result<()> {
    interrupt::watch()?;
    step("Building the servers", binaries::build)?;
    let mut stories = cargo(&["run", "--quiet", "--package=logto-sdks"]);
    let status = program::run_beside_servers(&mut stories)?;
    program::require_success(&stories, status)
}
