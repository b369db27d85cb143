//! Measures the first page and prints a table. `cargo xtask bench page` builds what this needs, and runs it.

use anyhow::{Context as _, Result};
use browser_stories::{interruption::unless_asked_to_end, page_bench};
use std::io::{self, Write as _};

#[tokio::main]
async fn main() -> Result<()> {
    let rounds = std::env::args().nth(1).and_then(|word| word.parse().ok());
    let rounds = rounds.context("how many rounds? `cargo xtask bench page` says it")?;
    let report = unless_asked_to_end(page_bench::measure(rounds)).await?;
    writeln!(io::stdout(), "\n{report}")?;
    report.require_still_page()
}
