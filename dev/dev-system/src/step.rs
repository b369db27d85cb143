//! Steps: each says what it does and how long it took.

use crate::interrupt;
use anyhow::{Result, bail};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// Does one step and says what it is and how long it took.
///
/// # Errors
/// Those of `work`.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    timed(what, work).0
}

fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    eprintln!("▶ {what}");
    let begin = Instant::now();
    let outcome = work();
    let took = begin.elapsed();
    let mark = if outcome.is_ok() { "✔" } else { "✘" };
    eprintln!("{mark} {what}: {:.1} s", took.as_secs_f64());
    (outcome, took)
}

/// The steps done so far, for a table at the end.
#[derive(Default)]
pub struct Steps {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    took: Duration,
    succeeded: bool,
}

impl Steps {
    /// Does one step and keeps its time for the table.
    ///
    /// # Errors
    /// Those of `work`; or somebody wants this program to end, so that it begins nothing more.
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if interrupt::was_asked() {
            bail!("asked to end before this: {what}");
        }
        let (outcome, took) = timed(what, work);
        self.rows.push(Row {
            what: what.to_owned(),
            took,
            succeeded: outcome.is_ok(),
        });
        outcome
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let mark = if row.succeeded { "ok" } else { "FAILED" };
            let seconds = row.took.as_secs_f64();
            writeln!(formatter, "{seconds:>8.1} s  {mark:<6}  {}", row.what)?;
        }
        let total: Duration = self.rows.iter().map(|row| row.took).sum();
        write!(formatter, "{:>8.1} s  in all", total.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_step_and_the_one_that_failed() {
        let mut steps = Steps::default();
        steps.step("formatting", || Ok(())).unwrap();
        steps
            .step("lints", || -> Result<()> { bail!("unused import") })
            .unwrap_err();

        let table = steps.to_string();
        let lines: Vec<_> = table.lines().collect();
        assert!(lines[0].ends_with(" s  ok      formatting"), "{table}");
        assert!(lines[1].ends_with(" s  FAILED  lints"), "{table}");
        assert!(lines[2].ends_with(" s  in all"), "{table}");
    }
}
