//! Reading a test's name: the numbers in front, then words.

/// The numbers that a name begins with, as documents write them (`B017`, `1A.02`), and what is left, as words.
pub(super) fn read(name: &str) -> (Vec<String>, String) {
    let parts: Vec<&str> = name.split('_').collect();
    let mut rest = parts.as_slice();
    let mut numbers = Vec::new();
    while let Some((number, after)) = first_number(rest) {
        numbers.push(number);
        rest = after;
    }
    (numbers, rest.join(" "))
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

fn is_case(text: &str) -> bool {
    ["b", "p"].iter().any(|letter| is_lettered(text, letter, 3))
        || ["r", "t"].iter().any(|letter| is_lettered(text, letter, 2))
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
                &["B019"][..],
                "a callback works once",
            ),
            (
                "t07_b045_b046_pinned_algorithms",
                &["T07", "B045", "B046"],
                "pinned algorithms",
            ),
            ("r05_a_backslash", &["R05"], "a backslash"),
            ("rp_1a_02_invalid_iss", &["1A.02"], "invalid iss"),
            (
                "rp_1a_09_rp_1b_04_b045_alg_none",
                &["1A.09", "1B.04", "B045"],
                "alg none",
            ),
            ("rp_1d_01", &["1D.01"], ""),
        ] {
            assert_eq!(
                read(name),
                (
                    numbers.iter().map(ToString::to_string).collect(),
                    words.to_owned()
                )
            );
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_word() {
        for name in [
            "b17_short",
            "b0171_long",
            "r005_long",
            "rp_1f_01_of_the_provider",
            "rp_1a_2_short",
            "x001_y",
            "a_b017_inside",
        ] {
            assert_eq!(read(name), (vec![], name.replace('_', " ")));
        }
    }
}
