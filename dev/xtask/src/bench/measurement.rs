//! Figures of several rounds.

use std::time::Duration;

/// What one round showed.
#[derive(Clone, Copy)]
pub(super) struct Measurement {
    /// Answers in a second.
    pub(super) rate: f64,
    /// Milliseconds of the middle answer, and of the slowest but one in a hundred.
    pub(super) p50: f64,
    pub(super) p99: f64,
}

impl Measurement {
    pub(super) fn of(mut latencies: Vec<Duration>, duration: Duration) -> Self {
        latencies.sort_unstable();
        let quantile = |hundredths: usize| {
            let index = latencies.len() * hundredths / 100;
            let latency = latencies.get(index.min(latencies.len().saturating_sub(1)));
            milliseconds(latency.copied().unwrap_or_default())
        };
        Self {
            rate: count(latencies.len()) / duration.as_secs_f64(),
            p50: quantile(50),
            p99: quantile(99),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nobody counts beyond what a float holds exactly"
)]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The one in the middle; of two in the middle the larger.
#[must_use]
pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_has_its_rate_its_middle_and_its_slow_end() {
        let latencies = (1..=200).rev().map(Duration::from_millis).collect();
        let round = Measurement::of(latencies, Duration::from_secs(2));
        let shown = [round.rate, round.p50, round.p99].map(|number| format!("{number:.0}"));
        assert_eq!(shown, ["100", "101", "199"]);
        let none = Measurement::of(Vec::new(), Duration::from_secs(2));
        assert_eq!(format!("{:.0}", none.p99), "0");
    }

    #[test]
    fn the_median_is_no_outlier() {
        assert_eq!(format!("{}", median([9.0, 1.0, 2.0].into_iter())), "2");
        assert!(median([].into_iter()).is_nan());
    }
}
