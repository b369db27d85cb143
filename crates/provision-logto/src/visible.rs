//! Texts of a tenant for a terminal. Anybody who may change the tenant chooses them, and a name could draw lines of a plan that
//! are not there.

/// The text with control characters and marks that change the direction of text as escapes, such as `\u{1b}`.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if character.is_control() || is_direction(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Marks of the bidirectional algorithm (Unicode Standard Annex #9, section 2), and the two separators of lines.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_name_draws_nothing_but_itself() {
        for (name, shown) in [
            ("read:books", "read:books"),
            ("本屋 \u{e9}", "本屋 é"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\nNothing to do.", "a\\u{a}Nothing to do."),
            ("\u{9b}1A", "\\u{9b}1A"),
            ("\u{202e}gnp", "\\u{202e}gnp"),
            ("a\u{2028}b", "a\\u{2028}b"),
        ] {
            assert_eq!(visible(name), shown);
        }
    }
}
