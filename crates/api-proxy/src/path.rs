//! Which paths can be forwarded without an API reading another path than the one that a route allows.

use percent_encoding::percent_decode_str;

/// Whether every server reads the same segments in this path. Refused: dot segments in any spelling (also before `;`, which
/// Java servers cut off), encoded slashes and backslashes (also encoded twice), empty segments, control characters.
pub(crate) fn is_plain(path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else {
        return false;
    };
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if !is_plain_segment(segment) || (segment.is_empty() && !is_last) {
            return false;
        }
    }
    true
}

fn is_plain_segment(segment: &str) -> bool {
    let once = percent_decode_str(segment).collect::<Vec<_>>();
    let twice = percent_encoding::percent_decode(&once).collect::<Vec<_>>();
    let is_malformed = !has_whole_escapes(segment);
    let is_dots = |decoded: &[u8]| {
        let name = decoded.split(|byte| *byte == b';').next();
        matches!(name, Some(b"." | b".."))
    };
    let is_unsafe = |decoded: &[u8]| {
        is_dots(decoded)
            || decoded
                .iter()
                .any(|byte| matches!(byte, b'/' | b'\\') || byte.is_ascii_control())
    };
    !is_malformed && !is_unsafe(&once) && !is_unsafe(&twice)
}

/// Whether each `%` begins an escape of two hexadecimal digits.
fn has_whole_escapes(segment: &str) -> bool {
    segment.split('%').skip(1).all(|rest| {
        rest.as_bytes()
            .get(..2)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_forwarded() {
        for path in [
            "/",
            "/books",
            "/books/",
            "/books/%E6%9C%AC",
            "/a.b/..c/c..",
            "/books/a%20b",
            "/x;v=1",
            "/100%25",
            "/@me/!~*'()",
        ] {
            assert!(is_plain(path), "{path}");
        }
    }

    #[test]
    fn b174_a_path_that_servers_read_differently_is_refused() {
        for path in [
            "",
            "books",
            "//evil.example/x",
            "/books//x",
            "/books/../admin",
            "/books/./x",
            "/books/..",
            "/books/%2e%2e/admin",
            "/books/.%2E/admin",
            "/books/%252e%252e/admin",
            "/books/..;/admin",
            "/books/%2e%2e;x=1/admin",
            "/books/a%2fb",
            "/books/a%5Cb",
            "/books/a\\b",
            "/books/%252fadmin",
            "/books/%00",
            "/books/%0d%0aX:1",
            "/books/%7f",
            "/books/%",
            "/books/%4",
            "/books/%zz",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
