//! One line per request: method, path, status, milliseconds. Never the query, for a callback's has the code;
//! never a header, for cookies are there.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// What a line holds of a method and of a path.
const LONGEST_METHOD: usize = 16;
const LONGEST_PATH: usize = 256;

pub(crate) async fn write(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = shown(request.method().as_str(), LONGEST_METHOD);
    let path = shown(request.uri().path(), LONGEST_PATH);
    let response = next.run(request).await;
    let ms = (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    tracing::info!(event = "request", %method, path, status = response.status().as_u16(), ms);
    response
}

/// The text as one word of visible ASCII, so that no terminal takes it for a command, and not longer than a line can
/// bear: both are the client's to choose.
fn shown(text: &str, longest: usize) -> String {
    let mut shown: String = text
        .bytes()
        .take(longest)
        .map(|byte| match byte {
            0x21..=0x7e => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
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
    fn b215_a_path_is_one_short_visible_word() {
        for (path, expected) in [
            ("/books/12", "/books/12"),
            ("/caf%C3%A9", "/caf%C3%A9"),
            ("/café", "/caf%C3%A9"),
            ("/a b\r\n\t\u{1b}[31m\u{7f}", "/a%20b%0D%0A%09%1B[31m%7F"),
            ("/\u{9b}31m", "/%C2%9B31m"),
            ("/\u{202e}txt", "/%E2%80%AEtxt"),
        ] {
            assert_eq!(shown(path, LONGEST_PATH), expected);
        }
        let long = "a".repeat(LONGEST_PATH + 1);
        assert_eq!(shown(&long[1..], LONGEST_PATH), long[1..]);
        let cut = shown(&long, LONGEST_PATH);
        assert_eq!(cut, format!("{}...", &long[1..]));
    }
}
