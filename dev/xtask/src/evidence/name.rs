//! Reading a test's name: the numbers in front, then words.

/// The numbers that a name begins with, as documents write them (`B017`, `1A.02`), and what is left, as words.
/// None for a name that is not of both.
pub(super) fn read(name: &str) -> Option<(Vec<String>, String)> {
    let parts: Vec<&str> = name.split('_').collect();
    let mut rest = parts.as_slice();
    let mut numbers = Vec::new();
    while let Some((number, after)) = first_number(rest) {
        numbers.push(number);
        rest = after;
    }
    (!numbers.is_empty() && !rest.is_empty()).then(|| (numbers, rest.join(" ")))
}

/// `b017` is a case, `rp_1a_02` a module of the conformance suite.
fn first_number<'a, 'b>(parts: &'a [&'b str]) -> Option<(String, &'a [&'b str])> {
    match parts {
        ["rp", plan, module, rest @ ..] if is_plan(plan) && is_digits(module, 2) => {
            Some((format!("{}.{module}", plan.to_uppercase()), rest))
        }
        [case, rest @ ..] if is_case(case) => Some((case.to_uppercase(), rest)),
        _ => None,
    }
}

fn is_plan(text: &str) -> bool {
    matches!(text, "1a" | "1b" | "1c" | "1d" | "1e")
}

/// `p256` and `p384` are curves: the cases with this letter do not get that far.
fn is_case(text: &str) -> bool {
    is_lettered(text, "b", 3)
        || is_lettered(text, "q", 2)
        || is_lettered(text, "r", 2)
        || is_lettered(text, "t", 2)
        || ["p0", "p1"].iter().any(|start| is_lettered(text, start, 2))
}

fn is_lettered(text: &str, letter: &str, digits: usize) -> bool {
    text.strip_prefix(letter)
        .is_some_and(|rest| is_digits(rest, digits))
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_front_and_words_behind() {
        for (name, numbers, words) in [
            (
                "b019_a_callback_works_once",
                "B019",
                "a callback works once",
            ),
            (
                "t07_b045_b046_pinned_algorithms",
                "T07 B045 B046",
                "pinned algorithms",
            ),
            ("r05_a_backslash", "R05", "a backslash"),
            ("q14_a_link", "Q14", "a link"),
            ("p042_two_at_once", "P042", "two at once"),
            ("rp_1a_02_invalid_iss", "1A.02", "invalid iss"),
            (
                "rp_1a_09_rp_1b_04_b045_alg_none",
                "1A.09 1B.04 B045",
                "alg none",
            ),
        ] {
            let numbers = numbers.split(' ').map(str::to_owned).collect();
            assert_eq!(read(name), Some((numbers, words.to_owned())));
        }
    }

    #[test]
    fn a_name_without_a_number_or_without_words_is_none_of_ours() {
        for name in [
            "b17_short",
            "b0171_long",
            "r005_long",
            "rp_1f_01_of_the_provider",
            "rp_1a_2_short",
            "x001_y",
            "a_b017_inside",
            "p384_signing_key",
            "b017",
            "rp_1d_01",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
