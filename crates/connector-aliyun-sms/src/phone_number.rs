//! Phone numbers in E.164: digits that begin with the country code.

#[cfg(feature = "typed-numbers")]
mod characters;
#[cfg(feature = "typed-numbers")]
pub(crate) mod region;
#[cfg(feature = "typed-numbers")]
pub(crate) mod typed;

use std::{fmt, str::FromStr};

/// A phone number with its country code. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// The text is not an E.164 phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a phone number: 7 to 15 digits that begin with the country code, with or without a leading `+`"
)]
pub struct PhoneNumberError;

impl PhoneNumber {
    /// A number without `+`, as Logto stores it and Aliyun expects it.
    ///
    /// # Errors
    /// When the text is not 7 to 15 ASCII digits that begin with a country code.
    pub fn from_digits(text: &str) -> Result<Self, PhoneNumberError> {
        let is_e164 = (7..=15).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && !text.starts_with('0'); // no country code begins with 0
        if is_e164 {
            Ok(Self(text.to_owned()))
        } else {
            Err(PhoneNumberError)
        }
    }

    /// The digits, without `+`.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Whether this is a mobile number of mainland China: 86, then 1 and ten more digits. `1` and ten digits without 86
    /// are a North American number, because a `PhoneNumber` always has its country code.
    #[must_use]
    pub fn is_mainland_china(&self) -> bool {
        self.0
            .strip_prefix("86")
            .is_some_and(|national| national.len() == 11 && national.starts_with('1'))
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_digits(text.strip_prefix('+').unwrap_or(text))
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PhoneNumber([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_with_a_country_code() {
        for right in ["8613900000000", "+8613900000000", "12015550123", "6834000"] {
            let number: PhoneNumber = right.parse().unwrap();
            assert_eq!(number.digits(), right.trim_start_matches('+'));
        }
        for wrong in [
            "",
            "+",
            "++8613900000000",
            "86 13900000000",
            "86-139-0000-0000",
            "008613900000000",
            "123456",
            "1234567890123456",
            "８６13900000000",
            "8613900000000,8613900000001",
        ] {
            assert_eq!(
                wrong.parse::<PhoneNumber>().err(),
                Some(PhoneNumberError),
                "{wrong}"
            );
        }
    }

    #[test]
    fn p015_the_api_takes_digits_only() {
        for digits in ["8613800138000", "123456789012345"] {
            assert!(PhoneNumber::from_digits(digits).is_ok(), "{digits}");
        }
        for wrong in [
            "",
            "1",
            "+8613800138000",
            "86 138",
            "86138,86139",
            "86138\n86139",
            "１２３",
            "1234567890123456",
            "8a",
        ] {
            assert!(PhoneNumber::from_digits(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn p048_only_86_with_a_mobile_number_is_mainland_china() {
        let cases = [
            ("8613800138000", true),
            ("8619900138000", true),
            ("12015550123", false),  // United States
            ("13800138000", false),  // +1 380…, never a Chinese number without its 86
            ("85268326366", false),  // Hong Kong
            ("85366000000", false),  // Macao
            ("886912345678", false), // Taiwan
            ("861380013800", false),
            ("86138001380000", false),
            ("862112345678", false), // a landline
            ("819012345678", false), // Japan
        ];
        for (digits, expected) in cases {
            let number: PhoneNumber = digits.parse().unwrap();
            assert_eq!(number.is_mainland_china(), expected, "{digits}");
        }
    }

    #[test]
    fn p054_debug_shows_no_digit() {
        let number: PhoneNumber = "8613800138000".parse().unwrap();
        assert_eq!(format!("{number:?}"), "PhoneNumber([REDACTED])");
    }
}
