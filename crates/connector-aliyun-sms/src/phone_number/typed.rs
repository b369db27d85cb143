//! Numbers as people type them, read with the data of Google's libphonenumber.

use super::PhoneNumber;
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, ValidationError,
};

/// A country or region that has phone numbers, by its ISO 3166-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneRegion(rlibphonenumber::Region);

/// Why a typed text is not a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedNumberError {
    /// The text has no digit.
    #[error("enter a phone number")]
    Empty,
    /// The text is something else, or more than one number.
    #[error("not a phone number: use digits, and `+` before a country code")]
    NotANumber,
    /// No country has the calling code.
    #[error("no country has this calling code")]
    UnknownCallingCode,
    /// Digits are missing, or the area code is.
    #[error("the phone number is too short")]
    TooShort,
    /// There are too many digits.
    #[error("the phone number is too long")]
    TooLong,
    /// The region has longer and shorter numbers, but none of this length.
    #[error("the phone number has too many or too few digits")]
    WrongLength,
}

impl PhoneRegion {
    /// All regions, by code.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
        regions.sort_unstable_by_key(rlibphonenumber::Region::to_string);
        regions.into_iter().map(Self).collect()
    }

    /// The region of a code such as `JP`. `None` if there is no such region or it has no numbers.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let region = code.to_ascii_uppercase().parse().ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
        Some(Self(region))
    }

    /// The code, such as `JP`.
    #[must_use]
    pub fn code(self) -> String {
        self.0.to_string()
    }

    /// The country calling code, such as 81. Several regions share 1, 7, 44 and others.
    #[must_use]
    pub fn calling_code(self) -> i32 {
        PHONE_NUMBER_UTIL
            .get_country_code_for_region(self.0)
            .unwrap_or_default()
    }
}

impl PhoneNumber {
    /// Reads what a person typed: with `+`, `00` or the region's international prefix before a calling code, or as it is
    /// dialled inside `region`, with or without the calling code. Full-width digits, spaces, hyphens and brackets are
    /// allowed.
    ///
    /// Only the length of a number is checked, because regions open new ranges of numbers before any list has them.
    ///
    /// # Errors
    /// When the text is not one phone number.
    pub fn from_typed(text: &str, region: PhoneRegion) -> Result<Self, TypedNumberError> {
        if !text.chars().any(char::is_alphanumeric) {
            return Err(TypedNumberError::Empty);
        }
        let text = with_plus(text);
        let number =
            without_log(|| PHONE_NUMBER_UTIL.parse_and_keep_raw_input(&text, Some(region.0)))?;
        if number.extension.is_some() {
            return Err(TypedNumberError::NotANumber);
        }
        // The library removes digits that select a carrier. Nobody types them in a form, so the number is wrong.
        let carrier = number.preferred_domestic_carrier_code.as_deref();
        if carrier.is_some_and(|digits| !digits.is_empty()) {
            return Err(TypedNumberError::TooLong);
        }
        match without_log(|| PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number)) {
            Ok(NumberLengthType::IsPossible) => {}
            Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
                return Err(TypedNumberError::TooShort);
            }
            Err(ValidationError::TooLong) => return Err(TypedNumberError::TooLong),
            Err(ValidationError::InvalidLength) => return Err(TypedNumberError::WrongLength),
            Err(ValidationError::InvalidCountryCode) => {
                return Err(TypedNumberError::UnknownCallingCode);
            }
        }
        let e164 = without_log(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164));
        e164.parse().map_err(|_| TypedNumberError::WrongLength)
    }

    /// The number for people, such as `+81 90-1234-5678`.
    #[must_use]
    pub fn international(&self) -> String {
        let Some(number) = self.parsed() else {
            return format!("+{}", self.0);
        };
        let format = PhoneNumberFormat::International;
        without_log(|| PHONE_NUMBER_UTIL.format(&number, format)).into_owned()
    }

    /// The largest region with the number's calling code, and the digits that follow the calling code.
    #[must_use]
    pub fn region_and_national_digits(&self) -> Option<(PhoneRegion, &str)> {
        let calling_code = self.parsed()?.country_code;
        let region = PHONE_NUMBER_UTIL.get_region_for_country_code(calling_code)?;
        let region = PhoneRegion::from_code(&region.to_string())?;
        let national = self.0.strip_prefix(&calling_code.to_string())?;
        Some((region, national))
    }

    fn parsed(&self) -> Option<rlibphonenumber::PhoneNumber> {
        let text = format!("+{}", self.0);
        without_log(|| PHONE_NUMBER_UTIL.parse(&text, None)).ok()
    }
}

impl From<ParseError> for TypedNumberError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::InvalidCountryCode => Self::UnknownCallingCode,
            ParseError::NotANumber(_) => Self::NotANumber,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Self::TooShort,
            ParseError::TooLongNsn => Self::TooLong,
        }
    }
}

/// Calls the library without a subscriber: at the level trace it logs the numbers that it reads.
fn without_log<T>(call: impl FnOnce() -> T) -> T {
    tracing::dispatcher::with_default(&tracing::Dispatch::none(), call)
}

/// Replaces `00` at the beginning by `+`. Most countries dial it before a calling code. Where another prefix is dialled, such
/// as 011 in the United States, no number begins with `00`.
fn with_plus(text: &str) -> String {
    let text = text.trim_start();
    ["00", "００"]
        .iter()
        .find_map(|zeros| text.strip_prefix(zeros))
        .map_or_else(|| text.to_owned(), |rest| format!("+{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tempfile::NamedTempFile;

    fn typed(text: &str, region: &str) -> Result<String, TypedNumberError> {
        let region = PhoneRegion::from_code(region).unwrap();
        PhoneNumber::from_typed(text, region).map(|number| number.digits().to_owned())
    }

    #[test]
    fn p047_p048_p049_a_number_is_understood_however_it_is_typed() {
        let cases = [
            ("+86 138 0013 8000", "US", "8613800138000"),
            ("0086-138-0013-8000", "US", "8613800138000"),
            ("(86)138 0013 8000", "CN", "8613800138000"),
            ("8613800138000", "CN", "8613800138000"),
            ("13800138000", "CN", "8613800138000"),
            ("090-1234-5678", "JP", "819012345678"),
            ("９０ー１２３４ー５６７８", "JP", "819012345678"),
            ("＋８１ ９０ １２３４ ５６７８", "CN", "819012345678"),
            ("+81 (0)90 1234 5678", "CN", "819012345678"),
            ("819012345678", "JP", "819012345678"),
            ("+1 (650) 253-0000", "JP", "16502530000"),
            ("650.253.0000", "US", "16502530000"),
            ("+61 0412 345 678", "US", "61412345678"),
            ("07700 900123", "GB", "447700900123"),
            ("+39 06 1234 5678", "US", "390612345678"),
            ("06 1234 5678", "IT", "390612345678"),
            ("+225 0712345678", "US", "2250712345678"),
            ("+1876 555 1234", "US", "18765551234"),
            // Forms that depend on the region's rules
            ("1 (650) 253-0000", "US", "16502530000"),
            ("8 (912) 345-67-89", "RU", "79123456789"),
            ("658 555 1234", "JM", "16585551234"),
            ("010 86 138 0013 8000", "JP", "8613800138000"),
            ("０９０（１２３４）５６７８", "JP", "819012345678"),
            ("６８３２ ６３６６", "HK", "85268326366"),
            ("0912-345-678", "TW", "886912345678"),
            ("333 123 4567", "IT", "393331234567"),
            ("００８６ 138 0013 8000", "JP", "8613800138000"),
            ("tel:+8613800138000", "US", "8613800138000"),
            ("++8613800138000", "CN", "8613800138000"),
        ];
        for (text, region, digits) in cases {
            assert_eq!(typed(text, region).as_deref(), Ok(digits), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_a_reason() {
        let cases = [
            ("", "CN", TypedNumberError::Empty),
            (" - ", "CN", TypedNumberError::Empty),
            ("+", "CN", TypedNumberError::Empty),
            ("phone", "CN", TypedNumberError::NotANumber),
            (
                "13800138000,13900139000",
                "CN",
                TypedNumberError::NotANumber,
            ),
            (
                "13800138000;13900139000",
                "CN",
                TypedNumberError::NotANumber,
            ),
            (
                "13800138000\n13900139000",
                "CN",
                TypedNumberError::NotANumber,
            ),
            ("090-1234-5678 ext. 9", "JP", TypedNumberError::NotANumber),
            ("1+1", "CN", TypedNumberError::NotANumber),
            ("+999 123456", "CN", TypedNumberError::UnknownCallingCode),
            ("110", "CN", TypedNumberError::TooShort),
            ("253-0000", "US", TypedNumberError::TooShort),
            ("12345678901234", "CN", TypedNumberError::TooLong),
            ("1380013800000", "CN", TypedNumberError::TooLong),
        ];
        for (text, region, error) in cases {
            assert_eq!(typed(text, region), Err(error), "{text}");
        }
        assert_eq!(PhoneRegion::from_code("ZZ"), None);
        assert_eq!(PhoneRegion::from_code("999"), None);
    }

    #[test]
    fn a_number_is_shown_as_its_country_writes_it() {
        let shown = |digits: &str| digits.parse::<PhoneNumber>().unwrap().international();
        assert_eq!(shown("8613800138000"), "+86 138 0013 8000");
        assert_eq!(shown("819012345678"), "+81 90-1234-5678");
        assert_eq!(shown("9991234567"), "+9991234567");
    }

    #[test]
    fn a_number_has_a_region_and_national_digits() {
        let parts = |digits: &str| {
            let number: PhoneNumber = digits.parse().unwrap();
            let parts = number.region_and_national_digits();
            parts.map(|(region, national)| (region.code(), national.to_owned()))
        };
        assert_eq!(
            parts("8613944668173"),
            Some(("CN".to_owned(), "13944668173".to_owned()))
        );
        assert_eq!(
            parts("390612345678"),
            Some(("IT".to_owned(), "0612345678".to_owned()))
        );
        assert_eq!(parts("80012345678"), None, "of no region");
        assert_eq!(parts("9991234567"), None);
    }

    #[test]
    fn every_region_has_a_code_of_two_letters_and_a_calling_code_and_is_listed_once() {
        let mut codes: Vec<String> = Vec::new();
        for region in PhoneRegion::all() {
            let code = region.code();
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
            assert!((1..=999).contains(&region.calling_code()), "{code}");
            assert_eq!(PhoneRegion::from_code(&code), Some(region));
            assert!(!codes.contains(&code), "{code}");
            codes.push(code);
        }
        assert!(codes.len() > 190);
    }

    #[test]
    fn p054_reading_and_showing_a_number_logs_nothing() {
        let log = NamedTempFile::new().unwrap();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(log.reopen().map(Mutex::new).unwrap())
            .init();
        log::trace!(target: "rlibphonenumber", "records of this target are written");
        for text in [
            "090-1234-5678",
            "+44 7700 900123",
            "+999 123456",
            "tel:9012345678;x=1",
        ] {
            let region = PhoneRegion::from_code("JP").unwrap();
            if let Ok(number) = PhoneNumber::from_typed(text, region) {
                assert!(number.international().starts_with('+'));
                assert!(number.region_and_national_digits().is_some());
            }
        }
        let log = std::fs::read_to_string(log.path()).unwrap();
        assert!(log.contains("records of this target are written"), "{log}");
        assert_eq!(log.matches("rlibphonenumber").count(), 1, "{log}");
    }
}
