//! `cargo xtask crash` and `cargo xtask bench` build what this program needs, and run it.

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use dev_system::interrupt;
use load_tests::{bench, crash};
use std::time::Duration;

/// Crash rounds and benchmarks of the bff.
#[derive(Parser)]
#[command(disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Kill a bff or its store under load and look what becomes of the sessions
    Crash(crash::Arguments),
    /// Measure the bff on each store beside a plain axum route
    Bench(bench::Arguments),
    /// The plain axum route: answers this JSON until it is killed
    Plain {
        /// Where it listens
        port: u16,
        /// An auth status
        answer: String,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let command = Arguments::parse().command;
    if let Command::Plain { port, answer } = command {
        return bench::plain::serve(port, &answer).await;
    }
    interrupt::watch()?;
    let work = async {
        match command {
            Command::Crash(arguments) => crash::run(arguments).await,
            Command::Bench(arguments) => bench::run(arguments).await,
            Command::Plain { .. } => Ok(()),
        }
    };
    // What is dropped ends the servers that it has started.
    tokio::select! {
        done = work => done,
        () = asked_to_end() => bail!("asked to end before it was done"),
    }
}

async fn asked_to_end() {
    while !interrupt::was_asked() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
