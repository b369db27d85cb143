//! Phone numbers: digits with the country calling code and without `+`, as Logto keeps them.

use crate::domain::calling_code;
use std::fmt;

/// A number in Logto's form, e.g. `8613800138000`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PhoneNumber(String);

/// Why something that a person typed is no phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypedNumberError {
    Empty,
    NotANumber,
    UnknownCallingCode,
    TooShort,
    TooLong,
}

/// E.164 allows no more.
const LONGEST: usize = 15;
/// Shorter numbers are emergency and service numbers, which get no codes.
const SHORTEST: usize = 7;

impl PhoneNumber {
    /// The form of the Experience API: digits and nothing else, so never two numbers or a line break.
    pub(crate) fn from_digits(text: &str) -> Option<Self> {
        let right =
            (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| Self(text.to_owned()))
    }

    /// What a person typed: with `+` or `00` and a calling code, or as at home in the chosen country.
    pub(crate) fn from_typed(text: &str, chosen_code: &str) -> Result<Self, TypedNumberError> {
        let plain = plain(text)?;
        let international = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
        if plain.trim_start_matches('+').contains('+') {
            return Err(TypedNumberError::NotANumber);
        }
        let (code, digits) = match international {
            Some(digits) => calling_code::split(digits)
                .map(|(region, digits)| (region.calling_code, digits))
                .ok_or(TypedNumberError::UnknownCallingCode)?,
            None => (known(chosen_code)?, plain.as_str()),
        };
        let number = format!("{code}{}", calling_code::national(code, digits));
        match number.len() {
            0..SHORTEST => Err(TypedNumberError::TooShort),
            SHORTEST..=LONGEST => Ok(Self(number)),
            _ => Err(TypedNumberError::TooLong),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// For people: `+`, calling code, number.
    pub(crate) fn shown(&self) -> String {
        match calling_code::split(&self.0) {
            Some((region, national)) => format!("+{} {national}", region.calling_code),
            None => format!("+{}", self.0),
        }
    }
}

impl TypedNumberError {
    /// The code on the wire.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_number.empty",
            Self::NotANumber => "phone_number.not_a_number",
            Self::UnknownCallingCode => "phone_number.unknown_calling_code",
            Self::TooShort => "phone_number.too_short",
            Self::TooLong => "phone_number.too_long",
        }
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PhoneNumber")
    }
}

fn known(code: &str) -> Result<&'static str, TypedNumberError> {
    calling_code::regions()
        .map(|region| region.calling_code)
        .find(|known| *known == code)
        .ok_or(TypedNumberError::UnknownCallingCode)
}

/// Leaves digits and `+`; full-width characters, as Japanese and Chinese keyboards make them, become plain ones.
fn plain(text: &str) -> Result<String, TypedNumberError> {
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            '0'..='9' | '+' => plain.push(character),
            '０'..='９' => {
                plain.extend(char::from_digit(u32::from(character) - u32::from('０'), 10));
            }
            '＋' => plain.push('+'),
            '-' | '‐' | '‑' | '–' | '−' | '－' | 'ー' | '.' | '/' | '(' | ')' | '（' | '）' =>
                {}
            _ if character.is_whitespace() => {}
            _ => return Err(TypedNumberError::NotANumber),
        }
    }
    if plain.is_empty() {
        return Err(TypedNumberError::Empty);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p015_the_api_takes_digits_only() {
        for digits in ["8613800138000", "1", "123456789012345"] {
            assert!(PhoneNumber::from_digits(digits).is_some(), "{digits}");
        }
        for wrong in [
            "",
            "+8613800138000",
            "86 138",
            "86138,86139",
            "86138\n86139",
            "１２３",
            "1234567890123456",
            "8a",
        ] {
            assert!(PhoneNumber::from_digits(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn p047_p048_p049_a_number_is_understood_however_it_is_typed() {
        let cases = [
            ("+86 138 0013 8000", "1", "8613800138000"),
            ("0086-138-0013-8000", "1", "8613800138000"),
            ("(86)138 0013 8000", "86", "8613800138000"),
            ("8613800138000", "86", "8613800138000"),
            ("13800138000", "86", "8613800138000"),
            ("090-1234-5678", "81", "819012345678"),
            ("９０ー１２３４ー５６７８", "81", "819012345678"),
            ("＋８１ ９０ １２３４ ５６７８", "86", "819012345678"),
            ("+81 (0)90 1234 5678", "86", "819012345678"),
            ("819012345678", "81", "819012345678"),
            ("+1 (650) 253-0000", "81", "16502530000"),
            ("650.253.0000", "1", "16502530000"),
            ("+61 0412 345 678", "1", "61412345678"),
            ("07700 900123", "44", "447700900123"),
            ("+39 06 1234 5678", "1", "390612345678"),
            ("06 1234 5678", "39", "390612345678"),
            ("+225 0712345678", "1", "2250712345678"),
            ("+1876 555 1234", "1", "18765551234"),
        ];
        for (typed, chosen, digits) in cases {
            let number = PhoneNumber::from_typed(typed, chosen);
            assert_eq!(
                number.as_ref().map(PhoneNumber::as_str),
                Ok(digits),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_number_is_shown_with_its_calling_code_apart() {
        let shown = |digits| PhoneNumber::from_digits(digits).unwrap().shown();
        assert_eq!(shown("8613800138000"), "+86 13800138000");
        assert_eq!(shown("999123"), "+999123");
    }

    #[test]
    fn what_is_no_number_is_refused_with_a_reason() {
        let cases = [
            ("", "86", TypedNumberError::Empty),
            (" - ", "86", TypedNumberError::Empty),
            ("phone", "86", TypedNumberError::NotANumber),
            (
                "13800138000,13900139000",
                "86",
                TypedNumberError::NotANumber,
            ),
            ("1+1", "86", TypedNumberError::NotANumber),
            (
                "++8613800138000",
                "86",
                TypedNumberError::UnknownCallingCode,
            ),
            ("+999 123456", "86", TypedNumberError::UnknownCallingCode),
            ("123456", "999", TypedNumberError::UnknownCallingCode),
            ("110", "86", TypedNumberError::TooShort),
            ("+", "86", TypedNumberError::UnknownCallingCode),
            ("12345678901234", "86", TypedNumberError::TooLong),
        ];
        for (typed, chosen, error) in cases {
            assert_eq!(
                PhoneNumber::from_typed(typed, chosen),
                Err(error),
                "{typed}"
            );
        }
    }
}
