//! What the bench found, for a person.

use super::measurement::{Measurement, median};
use std::fmt;

/// One variant: medians of its rounds.
pub(super) struct Row {
    name: &'static str,
    sessions: Option<u32>,
    rate: f64,
    /// The median of this variant's share of what the plain route did in the same round.
    share: f64,
    p50: f64,
    p99: f64,
    page: f64,
    resident: f64,
}

/// The bff on one store, just started: milliseconds and MiB.
pub(super) struct Start {
    pub(super) store: &'static str,
    pub(super) first_answer: f64,
    pub(super) resident: f64,
}

/// All of it.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) starts: Vec<Start>,
    /// Bytes.
    pub(super) session_memory: f64,
}

impl Row {
    pub(super) fn of(
        name: &'static str,
        sessions: Option<u32>,
        rounds: &[Measurement],
        plain: &[Measurement],
        resident: Option<f64>,
    ) -> Self {
        let all = |of: fn(&Measurement) -> f64| median(rounds.iter().map(of));
        let both = rounds.iter().zip(plain);
        Self {
            name,
            sessions,
            rate: all(|round| round.rate),
            share: median(both.map(|(one, plain)| one.rate / plain.rate)),
            p50: all(|round| round.p50),
            p99: all(|round| round.p99),
            page: all(|round| round.page.unwrap_or(f64::NAN)),
            resident: resident.unwrap_or(f64::NAN),
        }
    }

    /// How much of its speed with few sessions a store has with many.
    fn flatness(&self, rows: &[Self]) -> f64 {
        let few = rows.iter().find(|row| row.name == self.name);
        let few = few.filter(|few| few.sessions != self.sessions);
        few.map_or(f64::NAN, |few| self.rate / few.rate)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [status, constant, page] = [
            "GET /api/auth/status, 32 browsers",
            "at 2,000/s, ms",
            "GET /, CPU",
        ];
        writeln!(
            formatter,
            "{:<24} {status:>34} {constant:>15} {page:>11}",
            ""
        )?;
        writeln!(
            formatter,
            "{:<14} {:>9} {:>11} {:>11} {:>10} {:>7} {:>7} {:>11} {:>8}",
            "", "sessions", "answers/s", "of plain", "of few", "p50", "p99", "µs a view", "MiB"
        )?;
        for row in &self.rows {
            let sessions = row
                .sessions
                .map_or_else(String::new, |count| count.to_string());
            let cells = [
                (11, number(row.rate, 0)),
                (11, number(row.share, 2)),
                (10, number(row.flatness(&self.rows), 2)),
                (7, number(row.p50, 2)),
                (7, number(row.p99, 2)),
                (11, number(row.page, 0)),
                (8, number(row.resident, 1)),
            ];
            write!(formatter, "{:<14} {sessions:>9}", row.name)?;
            for (width, cell) in cells {
                write!(formatter, " {cell:>width$}")?;
            }
            writeln!(formatter)?;
        }
        writeln!(
            formatter,
            "\n{:<22} {:>15} {:>7}",
            "the bff, just started", "first answer ms", "MiB"
        )?;
        for start in &self.starts {
            let Start {
                store,
                first_answer,
                resident,
            } = start;
            writeln!(
                formatter,
                "{store:<22} {first_answer:>15.1} {resident:>7.1}"
            )?;
        }
        let session_memory = self.session_memory;
        write!(
            formatter,
            "\none more session in memory: {session_memory:.0} bytes"
        )
    }
}

/// Nothing for a figure that there is not.
fn number(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return String::new();
    }
    format!("{value:.decimals$}")
}
