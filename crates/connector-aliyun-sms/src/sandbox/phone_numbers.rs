//! `PhoneNumbers`: up to 1,000 numbers, separated by commas; a number formatted for people; a number that a person looks for.

use super::{account::Region, business_error::BusinessError};
use crate::PhoneNumber;
use std::borrow::Cow;

/// The largest count of numbers in one request.
const LIMIT: usize = 1_000;

/// The digits of each number, without `+` and `00`. Fails if the template may not be sent to one of them.
///
/// Aliyun accepts numbers of mainland China without 86, and the same digits can be a number of North America. The
/// template decides: a domestic one is for China. A template for all regions, which only this sandbox has, treats the
/// digits as complete.
pub(super) fn parse(
    list: &str,
    region: Option<Region>,
) -> Result<Vec<Cow<'_, str>>, BusinessError> {
    let numbers: Vec<_> = list.split(',').map(digits).collect();
    if numbers.len() > LIMIT {
        return Err(BusinessError::TooManyNumbers);
    }
    numbers
        .into_iter()
        .map(|digits| in_region(digits?, region))
        .collect()
}

fn in_region(digits: &str, region: Option<Region>) -> Result<Cow<'_, str>, BusinessError> {
    let has_country_code = is_mainland(digits);
    match region {
        Some(Region::China) if has_country_code => Ok(digits.into()),
        Some(Region::China) if is_bare_mobile(digits) => Ok(format!("86{digits}").into()),
        Some(Region::China) => Err(BusinessError::BadNumber),
        Some(Region::Overseas) if has_country_code => Err(BusinessError::DomesticNumber),
        Some(Region::Overseas) | None => Ok(digits.into()),
    }
}

fn digits(text: &str) -> Result<&str, BusinessError> {
    let digits = text
        .strip_prefix('+')
        .or_else(|| text.strip_prefix("00"))
        .unwrap_or(text);
    let number = PhoneNumber::from_digits(digits).map_err(|_| BusinessError::BadNumber)?;
    if number.is_mainland_china() || !digits.starts_with("86") {
        Ok(digits)
    } else {
        Err(BusinessError::BadNumber)
    }
}

/// The eleven digits of a mobile number of mainland China, with or without 86 in front. Flow limits are counted by
/// them. `region` is that of the template: eleven digits with an international template are a number of North America.
pub(super) fn mainland(digits: &str, region: Option<Region>) -> Option<&str> {
    if is_mainland(digits) {
        digits.get(2..)
    } else {
        (region.is_none() && is_bare_mobile(digits)).then_some(digits)
    }
}

fn is_mainland(digits: &str) -> bool {
    PhoneNumber::from_digits(digits).is_ok_and(|number| number.is_mainland_china())
}

/// Whether these are eleven digits with a prefix of China's mobile numbers. Aliyun checks the prefixes too: it refused
/// `14085986122`, a number of California, with a domestic template.
fn is_bare_mobile(digits: &str) -> bool {
    digits.len() == 11
        && match digits.as_bytes() {
            [b'1', b'3' | b'8', ..] => true,
            [b'1', b'4', third, ..] => *third >= b'5',
            [b'1', b'5' | b'9', third, ..] => *third != b'4',
            [b'1', b'6', third, ..] => matches!(third, b'2' | b'5'..=b'7'),
            [b'1', b'7', third, ..] => *third <= b'8',
            _ => false,
        }
}

/// Formats a number for people. The digits are treated as complete, so a Chinese number without 86, which only a
/// template without region allows, is shown as a North American one.
pub(super) fn shown(digits: &str) -> String {
    if is_mainland(digits) {
        let (prefix, middle, last) = (&digits[2..5], &digits[5..9], &digits[9..]);
        format!("+86 {prefix} {middle} {last}")
    } else {
        format!("+{digits}")
    }
}

/// The number whose messages are wanted, as a person types it, with its country code.
pub(super) struct Wanted(String);

impl Wanted {
    pub(super) fn new(typed: &str) -> Self {
        match PhoneNumber::from_typed(typed, None) {
            Ok(number) => Self(number.digits().to_owned()),
            // Messages to numbers that cannot exist are found by their digits.
            Err(_) => Self(typed.chars().filter(char::is_ascii_digit).collect()),
        }
    }

    /// Whether a message to these digits is wanted.
    pub(super) fn is(&self, digits: &str) -> bool {
        self.0 == digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q03_messages_are_found_by_a_number_as_a_person_types_it() {
        for (typed, digits) in [
            ("8613800138000", "8613800138000"),
            ("+86 138 0013 8000", "8613800138000"),
            ("0086 138-0013-8000", "8613800138000"),
            ("８６１３８００１３８０００", "8613800138000"),
            ("tel:+44 (0)7700 900123", "447700900123"),
            ("+52 1 55 1234 5678", "525512345678"),
            ("12015550123", "12015550123"),
            ("+9991234567", "9991234567"),
        ] {
            assert!(Wanted::new(typed).is(digits), "{typed}");
        }
        assert!(!Wanted::new("2015550123").is("12015550123"));
    }

    #[test]
    fn a_number_is_shown_with_plus_and_country_code() {
        for (digits, expected) in [
            ("8613800138000", "+86 138 0013 8000"),
            ("12025550123", "+12025550123"),
            ("14155550123", "+14155550123"),
            ("19175550123", "+19175550123"),
            ("85268326366", "+85268326366"),
            ("819012345678", "+819012345678"),
        ] {
            assert_eq!(shown(digits), expected);
        }
    }

    #[test]
    fn numbers_of_every_country_are_taken_in_every_form_that_aliyun_takes() {
        let cases = [
            ("13800138000", "13800138000"),
            ("8613800138000", "8613800138000"),
            ("+8613800138000", "8613800138000"),
            ("008613800138000", "8613800138000"),
            ("85268326366", "85268326366"),
            ("12015550123", "12015550123"),
            ("+819012345678", "819012345678"),
        ];
        for (number, expected) in cases {
            assert_eq!(parse(number, None), Ok(vec![expected.into()]));
        }
        assert_eq!(
            parse("13800138000,+8613900000000", None),
            Ok(vec!["13800138000".into(), "8613900000000".into()])
        );
    }

    #[test]
    fn a_domestic_template_goes_to_china_and_an_international_one_elsewhere() {
        use Region::{China, Overseas};
        let cases = [
            ("13800138000", China, Ok("8613800138000")),
            ("008613800138000", China, Ok("8613800138000")),
            ("12015550123", China, Err(BusinessError::BadNumber)),
            ("14085986122", China, Err(BusinessError::BadNumber)),
            ("15412345678", China, Err(BusinessError::BadNumber)),
            ("16212345678", China, Ok("8616212345678")),
            ("17912345678", China, Err(BusinessError::BadNumber)),
            ("85268326366", China, Err(BusinessError::BadNumber)),
            ("85268326366", Overseas, Ok("85268326366")),
            ("+13105550123", Overseas, Ok("13105550123")),
            (
                "8613800138000",
                Overseas,
                Err(BusinessError::DomesticNumber),
            ),
        ];
        for (number, region, expected) in cases {
            let parsed = parse(number, Some(region));
            let expected = expected.map(|digits| vec![Cow::from(digits)]);
            assert_eq!(parsed, expected, "{number} {region:?}");
        }
    }

    #[test]
    fn flow_limits_know_a_number_of_china_with_and_without_86() {
        for digits in ["13800138000", "8613800138000"] {
            assert_eq!(mainland(digits, None), Some("13800138000"));
        }
        for digits in ["12015550123", "85268326366", "819012345678"] {
            assert_eq!(mainland(digits, None), None);
        }
        let californian = "13105550123";
        assert_eq!(mainland(californian, Some(Region::Overseas)), None);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in [
            "",
            "abc",
            "123456",
            "1234567890123456",
            "01380013800",
            "86138001380",
            "862112345678",
            "+86 13800138000",
            "13800138000,",
            "13800138000;13900139000",
        ] {
            assert_eq!(parse(wrong, None), Err(BusinessError::BadNumber), "{wrong}");
        }
        let many = |count| vec!["13800138000"; count].join(",");
        assert_eq!(parse(&many(1_000), None).unwrap().len(), 1_000);
        assert_eq!(
            parse(&many(1_001), None),
            Err(BusinessError::TooManyNumbers)
        );
    }
}
