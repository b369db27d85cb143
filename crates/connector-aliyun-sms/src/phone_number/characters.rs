//! The characters of a typed number: what counts, what is dropped, what is refused.

use super::typed::TypedNumberError;
use rlibphonenumber::PHONE_NUMBER_UTIL;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Signs between digits, or before a number, whose class contains other signs too.
const DROPPED: &str = "\t./·•．。／−ー~～∼⁓☎☏✆℡📞📱📲\u{fe0e}\u{fe0f}\u{20e3}";

/// What is left of a typed text.
pub(super) struct Dialled {
    /// Whether a `+` precedes the digits.
    pub(super) has_plus: bool,
    /// ASCII digits.
    pub(super) digits: String,
}

impl Dialled {
    /// Reads the digits of any script. Drops spaces, dashes, brackets and invisible characters by their Unicode class, and
    /// `tel:` at the beginning.
    pub(super) fn read(text: &str) -> Result<Self, TypedNumberError> {
        let mut dialled = Self {
            has_plus: false,
            digits: String::new(),
        };
        for character in without_scheme(text.trim()).chars() {
            match character {
                '+' | '＋' | '﹢' if dialled.digits.is_empty() => dialled.has_plus = true,
                _ if character.general_category() == GeneralCategory::DecimalNumber => {
                    let digit = PHONE_NUMBER_UTIL.normalize_digits_only(character.to_string());
                    dialled.digits.push_str(&digit);
                }
                _ if is_dropped(character) => {}
                _ => return Err(TypedNumberError::Character(character)),
            }
        }
        if dialled.digits.is_empty() {
            return Err(TypedNumberError::Empty);
        }
        Ok(dialled)
    }
}

fn is_dropped(character: char) -> bool {
    let by_class = matches!(
        character.general_category(),
        GeneralCategory::SpaceSeparator
            | GeneralCategory::Format
            | GeneralCategory::DashPunctuation
            | GeneralCategory::OpenPunctuation
            | GeneralCategory::ClosePunctuation
    );
    by_class || DROPPED.contains(character)
}

/// The text after `tel:`, which a copied link begins with (RFC 3966).
fn without_scheme(text: &str) -> &str {
    let text = text.trim_start_matches(is_dropped);
    match text.split_once([':', '：']) {
        Some((scheme, rest)) if scheme.trim().eq_ignore_ascii_case("tel") => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Result<String, TypedNumberError> {
        Dialled::read(text).map(|dialled| dialled.digits)
    }

    #[test]
    fn q04_a_digit_of_any_script_has_its_value() {
        let mut scripts = 0;
        for character in '\0'..=char::MAX {
            if character.general_category() == GeneralCategory::DecimalNumber {
                let digit = digits(&character.to_string()).unwrap();
                assert_eq!(digit.len(), 1, "{character}");
                scripts += usize::from(digit == "7");
            }
        }
        assert!(scripts > 60, "{scripts}");
        for seven in ["٧", "۷", "७", "７", "𝟕", "᠗"] {
            assert_eq!(digits(seven).as_deref(), Ok("7"), "{seven}");
        }
    }

    #[test]
    fn q04_a_plus_counts_in_front_only() {
        for text in ["+1", "＋1", "﹢1", "(+1)", "++1", "\u{202a}+\u{2060}1"] {
            let dialled = Dialled::read(text).unwrap();
            assert!(dialled.has_plus && dialled.digits == "1", "{text:?}");
        }
        assert_eq!(digits("1+1"), Err(TypedNumberError::Character('+')));
    }

    #[test]
    fn q04_what_is_refused_is_the_first_character_that_does_not_belong() {
        let cases = [
            ("phone", 'p'),
            ("090-1234-5678 ext. 9", 'e'),
            ("13800138000,13900139000", ','),
            ("13800138000;13900139000", ';'),
            ("13800138000\n13900139000", '\n'),
            ("090-1234-567O", 'O'),
            ("090-1234-567l", 'l'),
            ("090@1234", '@'),
            ("*31#0901234567", '*'),
            ("sms:0901234567", 's'),
            ("tel:tel:1", 't'),
            ("①", '①'),
            ("½", '½'),
            ("09०a", 'a'),
            ("\u{0}1", '\u{0}'),
        ];
        for (text, character) in cases {
            let refused = Err(TypedNumberError::Character(character));
            assert_eq!(digits(text), refused, "{text:?}");
        }
        for empty in ["", " ", " - ", "+", "tel:", "\u{200b}", "☎️"] {
            assert_eq!(digits(empty), Err(TypedNumberError::Empty), "{empty:?}");
        }
    }
}
