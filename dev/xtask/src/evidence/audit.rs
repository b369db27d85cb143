//! Whether every number is accounted for: shown by a test, or explained, and not both.

use super::{
    cases::{AREAS, REPORTS},
    left_out::LEFT_OUT,
    listing::NumberedTest,
    modules::Plan,
};
use anyhow::{Result, bail};
use std::collections::BTreeSet;

#[derive(Default)]
struct Numbers {
    /// All that there are.
    known: BTreeSet<String>,
    /// Those that must be shown or explained.
    expected: BTreeSet<String>,
    shown: BTreeSet<String>,
    explained: Vec<String>,
}

/// Checks what the tests show against the numbers that there are.
///
/// # Errors
/// When a number is neither shown nor explained, is both, or does not exist; the text lists all of them.
pub(super) fn check(tests: &[NumberedTest]) -> Result<()> {
    let faults = Numbers::of(tests).faults();
    if !faults.is_empty() {
        bail!(
            "not every number is accounted for (dev/xtask/src/evidence):\n  {}",
            faults.join("\n  ")
        );
    }
    Ok(())
}

impl Numbers {
    fn of(tests: &[NumberedTest]) -> Self {
        let mut numbers = Self::default();
        for plan in Plan::ALL {
            numbers
                .expected
                .extend(plan.modules().map(|module| module.number));
        }
        for area in AREAS.iter().chain(REPORTS) {
            let set = if area.complete {
                &mut numbers.expected
            } else {
                &mut numbers.known
            };
            set.extend(area.numbers().map(str::to_owned));
        }
        numbers.known.extend(numbers.expected.iter().cloned());
        numbers.shown = tests
            .iter()
            .flat_map(|test| test.numbers.iter().cloned())
            .collect();
        let reasons = LEFT_OUT.iter().map(|entry| entry.numbers);
        numbers.explained = reasons
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .collect();
        numbers
    }

    fn faults(&self) -> Vec<String> {
        let explained: BTreeSet<_> = self.explained.iter().cloned().collect();
        let mut twice: BTreeSet<String> = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for number in &self.explained {
            if !seen.insert(number) {
                twice.insert(number.clone());
            }
        }
        let mentioned: BTreeSet<_> = self.shown.union(&explained).cloned().collect();
        let faults = [
            (
                "neither shown by a test nor explained",
                &self.expected - &mentioned,
            ),
            ("explained, but tests show it", &self.shown & &explained),
            ("explained twice", twice),
            ("not a number of any plan or area", &mentioned - &self.known),
        ];
        faults
            .into_iter()
            .filter(|(_, numbers)| !numbers.is_empty())
            .map(|(fault, numbers)| {
                let numbers: Vec<_> = numbers.into_iter().collect();
                format!("{fault}: {}", numbers.join(" "))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[&str]) -> BTreeSet<String> {
        numbers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn shown_or_explained_is_accounted_for_and_more_may_be_shown() {
        let numbers = Numbers {
            known: set(&["B001", "B002", "B085"]),
            expected: set(&["B001", "B002"]),
            shown: set(&["B001", "B085"]),
            explained: vec!["B002".to_owned()],
        };
        assert_eq!(numbers.faults(), [""; 0]);
    }

    #[test]
    fn every_way_to_be_unaccounted_for_is_listed() {
        let numbers = Numbers {
            known: set(&["B001", "B002", "B003", "B004"]),
            expected: set(&["B001", "B002", "B003", "B004"]),
            shown: set(&["B001", "B777"]),
            explained: ["B001", "B002", "B002"].map(str::to_owned).to_vec(),
        };
        assert_eq!(
            numbers.faults(),
            [
                "neither shown by a test nor explained: B003 B004",
                "explained, but tests show it: B001",
                "explained twice: B002",
                "not a number of any plan or area: B777",
            ]
        );
    }

    #[test]
    fn no_number_is_in_two_places() {
        let modules = Plan::ALL
            .into_iter()
            .flat_map(|plan| plan.modules().map(|module| module.number));
        let cases = AREAS
            .iter()
            .chain(REPORTS)
            .flat_map(|area| area.numbers().map(str::to_owned));
        let mut seen = BTreeSet::new();
        for number in modules.chain(cases) {
            assert!(seen.insert(number.clone()), "{number} is there twice");
        }
    }
}
