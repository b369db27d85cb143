//! What the bench found, for a person.

use super::measurement::{Measurement, median};
use std::fmt;

/// One variant: medians of its rounds.
pub(crate) struct Row {
    name: String,
    sessions: String,
    rate: f64,
    /// The slowest and the fastest round.
    rates: [f64; 2],
    /// The median of this variant's share of what the plain route did in the same round.
    share: f64,
    p50: f64,
    p99: f64,
    resident: Option<f64>,
}

/// The bff on one store, just started: milliseconds and MiB.
pub(crate) struct Start {
    pub(super) store: &'static str,
    pub(super) first_answer: f64,
    pub(super) resident: f64,
}

/// All of it.
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    pub(crate) starts: Vec<Start>,
    /// Bytes.
    pub(crate) session_memory: f64,
}

impl Row {
    pub(super) fn of(
        name: &str,
        sessions: &str,
        rounds: &[Measurement],
        plain: &[Measurement],
        resident: Option<f64>,
    ) -> Self {
        let rates = || rounds.iter().map(|round| round.rate);
        let shares = rounds
            .iter()
            .zip(plain)
            .map(|(one, plain)| one.rate / plain.rate);
        Self {
            name: name.to_owned(),
            sessions: sessions.to_owned(),
            rate: median(rates()),
            rates: [
                rates().fold(f64::INFINITY, f64::min),
                rates().fold(0.0, f64::max),
            ],
            share: median(shares),
            p50: median(rounds.iter().map(|round| round.p50)),
            p99: median(rounds.iter().map(|round| round.p99)),
            resident,
        }
    }

    /// How much of its speed with few sessions a store has with many.
    fn flatness(&self, rows: &[Self]) -> Option<f64> {
        let few = rows.iter().find(|row| row.name == self.name)?;
        (few.sessions != self.sessions).then(|| self.rate / few.rate)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{:<22} {:>9} {:>9} {:>16} {:>8} {:>8} {:>8} {:>9} {:>7}",
            "GET /api/auth/status",
            "sessions",
            "per s",
            "from … to",
            "of plain",
            "of few",
            "p50 ms",
            "p99 ms",
            "MiB"
        )?;
        for row in &self.rows {
            let [slowest, fastest] = row.rates;
            let range = format!("{slowest:.0}…{fastest:.0}");
            let flatness = row.flatness(&self.rows);
            let flatness = flatness.map_or_else(String::new, |share| format!("{share:.2}"));
            writeln!(
                formatter,
                "{:<22} {:>9} {:>9.0} {range:>16} {:>8.2} {flatness:>8} {:>8.2} {:>9.2} {:>7.1}",
                row.name,
                row.sessions,
                row.rate,
                row.share,
                row.p50,
                row.p99,
                row.resident.unwrap_or(f64::NAN)
            )?;
        }
        write!(
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
            write!(
                formatter,
                "\n{store:<22} {first_answer:>15.1} {resident:>7.1}"
            )?;
        }
        let session_memory = self.session_memory;
        write!(
            formatter,
            "\n\none more session in memory: {session_memory:.0} bytes"
        )
    }
}
