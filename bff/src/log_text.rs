//! What clients and the provider chose, as text that a line of the log can bear: visible ASCII, so that it begins no line
//! of its own and no terminal takes it for a command, and not longer than this.

use std::fmt::Display;

/// A cause quotes names out of the provider's documents at most.
const LONGEST_CAUSE: usize = 256;

/// The text as one word.
pub(crate) fn word(text: &str, longest: usize) -> String {
    visible(text, longest, b'!')
}

/// Why something went wrong, as words on one line.
pub(crate) fn cause(error: impl Display) -> String {
    visible(&error.to_string(), LONGEST_CAUSE, b' ')
}

/// The text with every byte before `first` or beyond `~` percent-encoded.
fn visible(text: &str, longest: usize, first: u8) -> String {
    let mut shown: String = text
        .bytes()
        .take(longest)
        .map(|byte| {
            if (first..=b'~').contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    if text.len() > longest {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b215_text_of_others_is_short_and_visible() {
        for (text, as_word, as_cause) in [
            ("/books/12", "/books/12", "/books/12"),
            ("/caf%C3%A9", "/caf%C3%A9", "/caf%C3%A9"),
            ("/café", "/caf%C3%A9", "/caf%C3%A9"),
            (
                "a b\r\n\t\u{1b}[31m\u{7f}",
                "a%20b%0D%0A%09%1B[31m%7F",
                "a b%0D%0A%09%1B[31m%7F",
            ),
            ("/\u{9b}31m", "/%C2%9B31m", "/%C2%9B31m"),
            ("/\u{202e}txt", "/%E2%80%AEtxt", "/%E2%80%AEtxt"),
        ] {
            assert_eq!(word(text, LONGEST_CAUSE), as_word);
            assert_eq!(cause(text), as_cause);
        }
        let long = "a".repeat(LONGEST_CAUSE + 1);
        assert_eq!(cause(&long[1..]), long[1..]);
        assert_eq!(cause(&long), format!("{}...", &long[1..]));
        assert_eq!(word(&long, 3), "aaa...");
    }
}
