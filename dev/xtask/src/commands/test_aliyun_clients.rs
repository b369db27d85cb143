//! `cargo xtask test-aliyun-clients`: other people's clients of Aliyun SMS against the sandbox.

use crate::{aliyun_clients, step::Steps};
use anyhow::Result;
use std::io::{self, Write as _};

/// Installs the clients when their lock files have changed, and lets each go through every case.
///
/// # Errors
/// When something cannot be installed, or an outcome is not the expected one.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let outcome = aliyun_clients::run(&mut steps);
    writeln!(io::stdout(), "\n{steps}")?;
    outcome
}
