//! What a request is for: a person's visit, a prefetch, a frame, a form or a script.

use crate::error::Error;
use http::{
    HeaderMap, Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use shared::ProblemCode;

/// Checks the request for a GET with an effect: it must be a person's visit, which is a top-level navigation (Fetch Metadata)
/// and no preload. A browser that sends none of these headers passes.
pub(crate) fn check_visit(method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if method != Method::GET {
        Err(Error::Refused(ProblemCode::MethodNotAllowed))
    } else if is_top_level(headers) {
        Ok(())
    } else {
        Err(Error::Refused(ProblemCode::NotANavigation))
    }
}

fn is_top_level(headers: &HeaderMap) -> bool {
    let is_absent_or =
        |name: &str, expected: &str| headers.get_all(name).iter().all(|value| value == expected);
    let is_preload = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .any(|name| {
            let values = headers.get_all(*name).iter();
            let mut values = values.map(|value| value.as_bytes().to_ascii_lowercase());
            values.any(|value| has_word(&value, b"pre")) // fetch, render, view
        });
    is_absent_or("sec-fetch-mode", "navigate")
        && is_absent_or("sec-fetch-dest", "document")
        && !is_preload
}

fn has_word(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

/// Whether the body is a form's.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    has_media_type(headers, "application/x-www-form-urlencoded")
}

/// Whether the body is of this media type, whatever its parameters; case does not count (RFC 9110, section 8.3.1).
pub(crate) fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok()?.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(expected))
}

/// Whether the client wants a page rather than data.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers
            .get(ACCEPT)
            .is_some_and(|accept| has_word(accept.as_bytes(), b"text/html")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn top_level(headers: &[(&str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            map.append(name, value.parse::<HeaderValue>().unwrap());
        }
        assert!(check_visit(&Method::HEAD, &map).is_err());
        check_visit(&Method::GET, &map).is_ok()
    }

    #[test]
    fn a_media_type_has_no_case_and_may_have_parameters() {
        for (kind, form) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded ; charset=utf-8", true),
            ("application/x-www-form-urlencoded2", false),
            ("text/plain;application/x-www-form-urlencoded", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
            assert_eq!(is_form(&headers), form, "{kind}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }

    #[test]
    fn q10_a_visit_is_told_from_what_is_none() {
        assert!(top_level(&[]), "a browser without these headers");
        assert!(top_level(&[
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document")
        ]));
        for headers in [
            &[("sec-fetch-mode", "cors")][..],
            &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
            &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
            &[
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
                ("sec-purpose", "prefetch;prerender"),
            ],
            &[("purpose", "prefetch")],
            &[("x-moz", "prefetch")],
            &[("purpose", "Prefetch")],
            &[("x-purpose", "preview")],
            &[("sec-purpose", "prerender")],
            &[("purpose", ""), ("purpose", "prefetch")],
            &[("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "cors")],
            &[("sec-fetch-dest", "")],
        ] {
            assert!(!top_level(headers), "{headers:?}");
        }
    }
}
