//! `PhoneNumber`: an accepted text is E.164 and stays unchanged, and only a number with 86 is one of mainland China.

use crate::PhoneNumber;

/// The property, for any bytes.
///
/// # Panics
/// When the property does not hold.
pub fn holds(input: &[u8]) {
    is_accepted(&String::from_utf8_lossy(input));
}

/// The property. Returns whether the text was accepted.
fn is_accepted(text: &str) -> bool {
    let number = text.parse::<PhoneNumber>();
    assert_eq!(number.is_ok(), is_e164(text), "{text:?}");
    let Ok(number) = number else {
        return false;
    };
    assert_eq!(number.digits(), text.replace('+', ""));
    assert_eq!(number.digits().parse(), Ok(number.clone()), "twice is once");
    let begins_as_chinese = number.digits().starts_with("861") && number.digits().len() == 13;
    assert_eq!(number.is_mainland_china(), begins_as_chinese);
    if number.digits().starts_with('1') {
        assert!(!number.is_mainland_china(), "a number of North America");
    }
    assert!(!format!("{number:?}").contains(number.digits()));
    true
}

/// An optional `+`, then 7 to 15 ASCII digits, of which the first is not 0.
fn is_e164(text: &str) -> bool {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.first() == Some(&'+') {
        characters.remove(0);
    }
    (7..16).contains(&characters.len())
        && characters[0] != '0'
        && characters.iter().all(|digit| "0123456789".contains(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(cases(5_000))]

        #[test]
        fn p048_any_text_is_a_number_or_not(text in ".*") {
            is_accepted(&text);
        }

        #[test]
        fn p048_what_looks_like_a_number_is_one_or_not(text in "[+]{0,2}[0186]{1,3}[0-9 ,٣]{0,14}") {
            is_accepted(&text);
        }

        #[test]
        fn p048_a_number_of_north_america_is_never_chinese(national in "[2-9][0-9]{9}") {
            let text = format!("+1{national}");
            prop_assert!(is_accepted(&text));
        }
    }

    #[test]
    fn every_seed_holds_and_is_accepted_when_its_name_says_so() {
        for (name, input) in seeds::of("phone_number") {
            let accepted = is_accepted(&String::from_utf8_lossy(&input));
            assert_eq!(accepted, name.starts_with("good_"), "{name}");
        }
    }
}
