//! Text that a client or the provider chose, made fit for a line of the log: visible ASCII, so that it begins no line of its
//! own and no terminal takes it for a command, and of limited length.

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use std::fmt::Display;

const CONTROLS_AND_BLANK: &AsciiSet = &CONTROLS.add(b' ');
/// A cause quotes names out of the provider's documents at most.
const LONGEST_CAUSE: usize = 256;

/// The text as one word of at most `longest` bytes before it is encoded.
#[must_use]
pub fn word(text: &str, longest: usize) -> String {
    visible(text, longest, CONTROLS_AND_BLANK)
}

/// Why something went wrong, as words on one line.
#[must_use]
pub fn cause(error: impl Display) -> String {
    visible(&error.to_string(), LONGEST_CAUSE, CONTROLS)
}

fn visible(text: &str, longest: usize, hidden: &'static AsciiSet) -> String {
    let bytes = text.as_bytes();
    let shown = percent_encode(&bytes[..bytes.len().min(longest)], hidden);
    let rest = if bytes.len() > longest { "..." } else { "" };
    format!("{shown}{rest}")
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
