//! How fast the bff answers a signed-in browser on each store, with few and with many sessions, beside a plain axum route
//! with the same answer; what a page view costs the server; how much memory it takes, and how soon it answers.
//!
//! Everything runs on one machine, the load too: the ratios mean something, the figures are this machine's. Nothing here
//! fails because something is slow.

mod generator;
mod measurement;
pub mod plain;
mod process;
mod seed;
mod session_memory;
mod site;
mod starts;
mod table;

use anyhow::Result;
use clap::Args;
use site::Site;
use std::io::{self, Write as _};
use table::Table;

/// How much is measured.
#[derive(Args)]
pub struct Arguments {
    /// How often each is measured
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// How many sessions a full store has
    #[arg(long, default_value_t = 1_000_000)]
    sessions: u32,
}

/// Measures a bff that was built as it is shipped, and prints a table.
///
/// # Errors
/// When something cannot be started, or an answer is wrong; never because something is slow.
pub async fn run(arguments: Arguments) -> Result<()> {
    let mut site = Site::start(arguments.sessions).await?;
    for round in 1..=arguments.rounds {
        eprintln!("▶ Round {round} of {}", arguments.rounds);
        site.measure().await?;
    }
    let rows = site.rows();
    drop(site);
    eprintln!("▶ Starting the bff again and again");
    let starts = starts::starts().await?;
    eprintln!("▶ Signing in again and again");
    let session_memory = session_memory::session_memory().await?;
    let table = Table {
        rows,
        starts,
        session_memory,
    };
    writeln!(io::stdout(), "\n{table}")?;
    Ok(())
}
