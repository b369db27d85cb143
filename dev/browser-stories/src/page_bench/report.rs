//! What was measured, for a person.

use super::{Moments, Speed, Traffic};
use anyhow::{Result, ensure};
use std::fmt;

/// All of it.
pub struct Report {
    pub(super) first: Traffic,
    pub(super) repeat: Traffic,
    /// Every round, by [`Speed::ALL`].
    pub(super) cold: [Vec<Moments>; 2],
}

/// What is shown of a cold visit: its name, where it is, and with how many decimals.
type Row = (&'static str, fn(&Moments) -> f64, usize);

const ROWS: [Row; 4] = [
    ("first contentful paint, ms", |moments| moments.paint, 0),
    ("the sign-in link works, ms", |moments| moments.link, 0),
    ("the app has taken over, ms", |moments| moments.app, 0),
    ("cumulative layout shift", |moments| moments.shift, 3),
];

impl Report {
    /// Nothing on the page may move by itself, at any speed.
    ///
    /// # Errors
    /// When something did.
    pub fn require_still_page(&self) -> Result<()> {
        let shifts = self.cold.iter().flatten().map(|moments| moments.shift);
        let worst = shifts.fold(0.0, f64::max);
        ensure!(
            worst <= 0.0,
            "something on the page moved by itself: the cumulative layout shift is {worst:.4}"
        );
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            first,
            repeat,
            cold,
        } = self;
        traffic(formatter, "first visit", first)?;
        traffic(formatter, "repeat visit, by network", repeat)?;
        let [rounds, _] = cold.each_ref().map(Vec::len);
        let [full, throttled] = ["this machine's speed", Speed::THROTTLED];
        writeln!(
            formatter,
            "{:<50} {full:>30} {throttled:>30}",
            format!("cold visit: median of {rounds} (fastest … slowest)")
        )?;
        for (name, of, decimals) in ROWS {
            let [full, throttled] = cold
                .each_ref()
                .map(|rounds| spread(rounds.iter().map(of), decimals));
            writeln!(formatter, "{name:<50} {full:>30} {throttled:>30}")?;
        }
        write!(
            formatter,
            "\nBrowser, bff and whatever else runs share this machine: compare only figures of one run."
        )
    }
}

fn traffic(formatter: &mut fmt::Formatter<'_>, title: &str, traffic: &Traffic) -> fmt::Result {
    writeln!(formatter, "{title:<50} {:>9} {:>9}", "encoding", "bytes")?;
    for resource in &traffic.resources {
        let (name, encoding, bytes) = (&resource.name, &resource.encoding, resource.bytes);
        writeln!(formatter, "{name:<50} {encoding:>9} {bytes:>9}")?;
    }
    let in_all = format!("requests in all: {}", traffic.resources.len());
    writeln!(formatter, "{in_all:<50} {:>9} {:>9}\n", "", traffic.bytes())
}

/// The median, and between which numbers it is.
fn spread(numbers: impl Iterator<Item = f64> + Clone, decimals: usize) -> String {
    let fastest = numbers.clone().fold(f64::INFINITY, f64::min);
    let slowest = numbers.clone().fold(0.0, f64::max);
    let middle = median(numbers);
    format!("{middle:.decimals$} ({fastest:.decimals$} … {slowest:.decimals$})")
}

/// The one in the middle; of two in the middle the larger.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_bench::traffic::Resource;

    fn report(shift: f64) -> Report {
        let moments = |app| Moments {
            paint: 40.4,
            link: 41.0,
            app,
            shift,
        };
        let page = Resource {
            name: "/".to_owned(),
            encoding: String::new(),
            bytes: 3_000,
        };
        let wasm = Resource {
            name: "/assets/app.wasm".to_owned(),
            encoding: "br".to_owned(),
            bytes: 70_000,
        };
        Report {
            first: Traffic {
                resources: vec![page.clone(), wasm],
            },
            repeat: Traffic {
                resources: vec![page],
            },
            cold: [
                vec![moments(90.0), moments(120.0), moments(100.0)],
                vec![moments(900.0), moments(1_200.0), moments(1_000.0)],
            ],
        }
    }

    #[test]
    fn the_table_has_every_resource_sums_medians_and_the_warning() {
        let table = report(0.0).to_string();
        let lines: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        for expected in [
            "/assets/app.wasm br 70000",
            "requests in all: 2 73000",
            "requests in all: 1 3000",
            "first contentful paint, ms 40 (40 … 40) 40 (40 … 40)",
            "the app has taken over, ms 100 (90 … 120) 1000 (900 … 1200)",
            "cumulative layout shift 0.000 (0.000 … 0.000) 0.000 (0.000 … 0.000)",
        ] {
            let expected: Vec<_> = expected.split(' ').collect();
            assert!(lines.contains(&expected), "{expected:?} is not in\n{table}");
        }
        assert!(
            table.ends_with("compare only figures of one run."),
            "{table}"
        );
    }

    #[test]
    fn a_page_that_moves_is_a_fault() {
        report(0.0).require_still_page().unwrap();
        let error = report(0.012).require_still_page().unwrap_err().to_string();
        assert_eq!(
            error,
            "something on the page moved by itself: the cumulative layout shift is 0.0120"
        );
    }
}
