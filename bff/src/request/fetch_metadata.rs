//! Telling a person's visit from a prefetch, a frame and a script's request.

use crate::error::Error;
use http::{
    HeaderMap,
    header::{ACCEPT, CONTENT_TYPE},
};
use shared::ProblemCode;

/// Refuses what is not a top-level navigation, as far as the browser says (Fetch Metadata). Browsers that say
/// nothing pass.
pub(crate) fn check_top_level_navigation(headers: &HeaderMap) -> Result<(), Error> {
    if is_top_level(headers) {
        Ok(())
    } else {
        Err(Error::Refused(ProblemCode::NotANavigation))
    }
}

fn is_top_level(headers: &HeaderMap) -> bool {
    let is_or_unsaid =
        |name: &str, expected: &str| headers.get(name).is_none_or(|value| value == expected);
    let prefetch = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers
            .get(*name)
            .is_some_and(|value| value.as_bytes().windows(8).any(|word| word == b"prefetch"))
    });
    is_or_unsaid("sec-fetch-mode", "navigate")
        && is_or_unsaid("sec-fetch-dest", "document")
        && !prefetch
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

/// Whether whoever asks wants a page rather than data.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers.get(ACCEPT).is_some_and(|accept| {
            accept
                .as_bytes()
                .windows(9)
                .any(|word| word == b"text/html")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn top_level(headers: &[(&str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    name.parse::<HeaderName>().unwrap(),
                    value.parse::<HeaderValue>().unwrap(),
                )
            })
            .collect();
        is_top_level(&headers)
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
    fn a_visit_is_told_from_what_is_none() {
        assert!(top_level(&[]), "a browser that says nothing");
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
        ] {
            assert!(!top_level(headers), "{headers:?}");
        }
    }
}
