//! Figures of several rounds.

use std::time::Duration;

/// What one round showed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measurement {
    /// Answers in a second, when each browser asks again as soon as it is answered.
    pub(super) rate: f64,
    /// Milliseconds of the middle answer at a constant rate of requests, and of the slowest but one in a hundred; without
    /// end when the server cannot keep up.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// Microseconds of the server's processor for a signed-in page view.
    pub(super) page: Option<f64>,
}

/// The latency, in milliseconds, that so many hundredths of the answers do not exceed.
pub(super) fn quantile(sorted: &[Duration], hundredths: usize) -> f64 {
    let index = sorted.len() * hundredths / 100;
    let latency = sorted.get(index.min(sorted.len().saturating_sub(1)));
    milliseconds(latency.copied().unwrap_or_default())
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The one in the middle; of two in the middle the larger.
pub(super) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_have_a_middle_and_a_slow_end() {
        let latencies: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        let shown = [50, 99].map(|hundredths| format!("{:.0}", quantile(&latencies, hundredths)));
        assert_eq!(shown, ["101", "199"]);
        assert_eq!(format!("{:.0}", quantile(&[], 99)), "0");
    }

    #[test]
    fn the_median_is_no_outlier() {
        assert_eq!(format!("{}", median([9.0, 1.0, 2.0].into_iter())), "2");
        assert!(median([].into_iter()).is_nan());
    }
}
