//! Crash rounds: a bff or its store is killed under load, started again, and then every session must be what its person
//! was told.
//!
//! A process that is killed keeps what it gave to the kernel, so this shows the order of writes and answers, and what
//! survives on other machines; it does not show what a machine keeps that loses its power.

mod check;
mod judgement;
mod ledger;
mod load;
mod report;
mod round;
mod site;

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum as _};
use site::Kind;
use std::{
    io::{self, Write as _},
    time::Duration,
};

/// How long access tokens live: the bff renews them after half of it.
const ACCESS_TOKEN_LIFE: Duration = Duration::from_secs(2);

/// Which rounds.
#[derive(Args)]
pub struct Arguments {
    /// How often, on each store
    #[arg(long, default_value_t = 5)]
    rounds: u64,
    /// On which store; without it, on each, side by side
    #[arg(long, value_enum)]
    store: Option<Kind>,
    /// Repeats the choices of an earlier run
    #[arg(long)]
    seed: Option<u64>,
}

/// Does the rounds with servers that are built, on each store side by side; without a seed, with a random one.
///
/// # Errors
/// When a rule was broken, or something cannot be started.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments {
        rounds,
        store,
        seed,
    } = arguments;
    let seed = seed.unwrap_or_else(|| rand::random::<u32>().into());
    eprintln!("  seed {seed}");
    let kinds = store.map_or(Kind::value_variants().to_vec(), |kind| vec![kind]);
    let running: Vec<_> = kinds
        .into_iter()
        .map(|kind| (kind, tokio::spawn(round::rounds(kind, rounds, seed))))
        .collect();
    let mut violations = 0;
    let mut failed = None;
    for (kind, rounds) in running {
        match rounds.await.map_err(|panic| anyhow!(panic)).flatten() {
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
