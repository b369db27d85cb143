//! How long a session still lasts, as a person would say it: one number, one unit.

/// A rounded span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeLeft {
    /// From two days on.
    Days(i64),
    /// From 90 minutes on.
    Hours(i64),
    /// From one minute on.
    Minutes(i64),
    /// Less than a minute.
    Moments,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl TimeLeft {
    pub(crate) fn from_seconds(seconds: i64) -> Self {
        let in_units_of = |unit| (seconds + unit / 2) / unit;
        if seconds < MINUTE {
            Self::Moments
        } else if seconds < 90 * MINUTE {
            Self::Minutes(in_units_of(MINUTE))
        } else if in_units_of(HOUR) < 48 {
            Self::Hours(in_units_of(HOUR))
        } else {
            Self::Days(in_units_of(DAY))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_one_number_and_one_unit() {
        for (seconds, expected) in [
            (i64::MIN, TimeLeft::Moments),
            (-1, TimeLeft::Moments),
            (0, TimeLeft::Moments),
            (59, TimeLeft::Moments),
            (60, TimeLeft::Minutes(1)),
            (3599, TimeLeft::Minutes(60)),
            (5399, TimeLeft::Minutes(90)),
            (5400, TimeLeft::Hours(2)),
            (86_399, TimeLeft::Hours(24)),
            (171_000, TimeLeft::Days(2)),
            (1_209_599, TimeLeft::Days(14)),
            (1_209_600, TimeLeft::Days(14)),
        ] {
            assert_eq!(TimeLeft::from_seconds(seconds), expected, "{seconds}");
        }
    }
}
