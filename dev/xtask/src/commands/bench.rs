//! `cargo xtask bench`: how fast the bff is with a session, beside the same program without one.

pub mod page;

use crate::{
    bench::{self, Bench, Table},
    interrupt,
    step::step,
};
use anyhow::Result;
use std::io::{self, Write as _};

/// Builds, measures and prints a table.
///
/// # Errors
/// When something cannot be built or started, or an answer is wrong; never because something is slow.
pub fn run(rounds: u32, sessions: u32) -> Result<()> {
    interrupt::watch()?;
    let mut bench = step("Building, starting and filling", || {
        Bench::prepare(sessions)
    })?;
    step("Measuring", || bench.measure(rounds))?;
    let rows = bench.rows();
    drop(bench);
    let starts = step("Starting the bff again and again", bench::starts)?;
    let session_memory = step("Signing in again and again", bench::session_memory)?;
    let table = Table {
        rows,
        starts,
        session_memory,
    };
    writeln!(io::stdout(), "\n{table}")?;
    Ok(())
}
