//! Values of the configuration that Aliyun can never accept, although they look right.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Aliyun puts the sign name into these brackets itself.
const BRACKETS: &str = "【】[]［］「」";

/// Why a value is wrong. `None` if it may be right.
pub(crate) fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("must not be empty".to_owned());
    }
    if text.trim() != text {
        return Some("must not begin or end with a blank".to_owned());
    }
    let invisible = text.chars().find(|character| is_invisible(*character))?;
    let code = u32::from(invisible);
    Some(format!("has the invisible character U+{code:04X}"))
}

/// Why a sign name, a template code or a part of an access key is wrong. `None` if it may be right.
pub(crate) fn name_problem(text: &str) -> Option<String> {
    let bracket = || text.chars().find(|character| BRACKETS.contains(*character));
    problem(text).or_else(|| {
        let bracket = bracket()?;
        Some(format!(
            "must be without brackets, and has `{bracket}`: Aliyun adds those of the sign name itself"
        ))
    })
}

/// Whether nobody can see the character. A blank between words can be seen.
fn is_invisible(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::Unassigned
            | GeneralCategory::PrivateUse
    ) || (character.general_category() == GeneralCategory::SpaceSeparator && character != ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q48_brackets_and_invisible_characters_are_named() {
        for right in [
            "Bookstore",
            "阿里云短信测试",
            "A & B's shop",
            "SMS_154950909",
            "书店（北京）",
        ] {
            assert_eq!(name_problem(right), None, "{right}");
        }
        for (wrong, named) in [
            ("【Bookstore】", "`【`"),
            ("[Bookstore]", "`[`"),
            ("「書店」", "`「`"),
            ("Book]store", "`]`"),
            ("Book\u{200b}store", "U+200B"),
            ("\u{feff}Bookstore", "U+FEFF"),
            ("Bookstore\u{202c}", "U+202C"),
            ("Book\u{ad}store", "U+00AD"),
            ("Book\u{a0}store", "U+00A0"),
            ("SMS\n1", "U+000A"),
            ("SMS_1\n", "blank"),
            (" Bookstore", "blank"),
            ("", "empty"),
        ] {
            let problem = name_problem(wrong).unwrap();
            assert!(problem.contains(named), "{wrong:?}: {problem}");
        }
    }
}
