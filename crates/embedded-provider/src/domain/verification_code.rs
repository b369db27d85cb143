//! Verification codes: six digits from the operating system's random source, ten attempts.

use rand::RngExt;

/// How many attempts one code allows.
pub(crate) const TRIES: i64 = 10;
/// How many messages one number may receive in a [`MESSAGE_WINDOW`](crate::domain::lifetime::MESSAGE_WINDOW).
pub(crate) const MESSAGES: i64 = 10;

/// How many wrong codes block a number, in a [`WRONG_CODE_WINDOW`](crate::domain::lifetime::WRONG_CODE_WINDOW).
pub(crate) const WRONG_CODES: i64 = 100;

/// A code that will be sent to a phone. It has no `Debug`, so that it cannot be logged.
pub(crate) struct VerificationCode(String);

impl VerificationCode {
    /// Generates a code. All million codes are equally likely.
    pub(crate) fn random() -> Self {
        Self(format!("{:06}", rand::rng().random_range(0..1_000_000_u32)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_and_every_digit_is_as_likely_as_any_other() {
        const CODES: u32 = 20_000;
        let mut counts = [[0_u32; 10]; 6];
        for _ in 0..CODES {
            let code = VerificationCode::random();
            assert_eq!(code.as_str().len(), 6);
            for (position, digit) in code.as_str().bytes().enumerate() {
                counts[position][usize::from(digit - b'0')] += 1;
            }
        }
        // Chi-squared with 9 degrees of freedom: the value exceeds 50 about once in ten million runs.
        for (position, counts) in counts.iter().enumerate() {
            let expected = f64::from(CODES) / 10.0;
            let chi_square: f64 = counts
                .iter()
                .map(|count| (f64::from(*count) - expected).powi(2) / expected)
                .sum();
            assert!(chi_square < 50.0, "digit {position}: {chi_square}");
        }
    }
}
