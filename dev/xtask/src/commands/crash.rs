//! `cargo xtask crash`: kills a bff or its store under load, again and again, and looks what has become of the sessions.

use crate::{
    binaries,
    crash::{self, Kind, Report},
    interrupt,
    step::step,
};
use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;
use std::{
    io::{self, Write as _},
    thread::{self, ScopedJoinHandle},
};

/// On which stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stores {
    /// One instance with a file.
    Sqlite,
    /// Two instances with a PostgreSQL.
    Postgres,
    /// Two instances with a Redis.
    Redis,
    /// Each of them, side by side.
    All,
}

impl Stores {
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Sqlite => &[Kind::Sqlite],
            Self::Postgres => &[Kind::Postgres],
            Self::Redis => &[Kind::Redis],
            Self::All => &[Kind::Sqlite, Kind::Postgres, Kind::Redis],
        }
    }
}

/// Builds the servers, then does so many rounds on each store; without a seed, with a random one.
///
/// # Errors
/// When a rule was broken, or something cannot be built or started.
pub fn run(rounds: u64, stores: Stores, seed: Option<u64>) -> Result<()> {
    interrupt::watch()?;
    step("Building the servers", binaries::build)?;
    rounds_on(rounds, stores, seed)
}

/// The rounds, with servers that are built.
///
/// # Errors
/// As [`run`].
pub(super) fn rounds_on(rounds: u64, stores: Stores, seed: Option<u64>) -> Result<()> {
    let seed = seed.unwrap_or_else(|| rand::random::<u32>().into());
    eprintln!("  seed {seed}");
    let kinds = stores.kinds();
    let reports: Vec<Result<Report>> = thread::scope(|scope| {
        let running = kinds
            .iter()
            .map(|kind| scope.spawn(move || crash::rounds(*kind, rounds, seed)))
            .collect::<Vec<_>>();
        let ended = running.into_iter().map(ScopedJoinHandle::join);
        ended
            .map(|one| one.unwrap_or_else(|_| Err(anyhow!("the rounds panicked"))))
            .collect()
    });
    let mut violations = 0;
    let mut failed = None;
    for (kind, report) in kinds.iter().zip(reports) {
        match report {
            Ok(report) => {
                writeln!(io::stdout(), "{kind}\n{report}")?;
                violations += report.violations();
            }
            Err(error) => failed = Some(error.context(format!("crash rounds on {kind}"))),
        }
    }
    if violations > 0 {
        bail!("{violations} rules were broken; again with: cargo xtask crash --seed {seed}");
    }
    failed.map_or(Ok(()), |error| {
        Err(error.context(format!("with seed {seed}")))
    })
}
