//! Cross-site request forgery: a request that changes something must come from our own pages.
//!
//! A script of ours sends `X-CSRF: 1`, which another site's page cannot do without our leave (CORS), and a
//! browser says where a request comes from (`Sec-Fetch-Site`, `Origin`). A form of our own page cannot send
//! the header: for it the browser's word must be there and say "same origin".

use crate::{
    config::BaseUrl,
    error::Error,
    request::{fetch_metadata::is_form, host},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header::ORIGIN};
use shared::path;
use telemetry::log_text;

/// What the browser says about where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    SameOrigin,
    Elsewhere,
    /// Neither header: not a browser, or one that is very old.
    Unsaid,
}

/// Whether the browser says that a page of another origin asks, for what must not be asked from there though it
/// changes nothing.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap, own_origin: &str) -> bool {
    origin_of(headers, own_origin) == From::Elsewhere
}

/// Whether a page of ours asks, or a program that says so, for what must not be asked from anywhere else whatever the method.
pub(crate) fn is_from_our_page(headers: &HeaderMap, own_origin: &str) -> bool {
    match origin_of(headers, own_origin) {
        From::SameOrigin => true,
        From::Elsewhere => false,
        From::Unsaid => has_header(headers),
    }
}

/// Refuses a request that another site's page could have sent.
pub(crate) async fn guard(
    State(base_url): State<BaseUrl>,
    request: Request,
    next: Next,
) -> Response {
    if is_allowed(request.method(), request.headers(), base_url.origin()) {
        return next.run(request).await;
    }
    let host = host::named_in(&request).filter(|host| !host::is_of(&base_url, host));
    let Some(host) = host.map(|host| log_text::word(host, 100)) else {
        return refusal().into_response();
    };
    let site = base_url.origin();
    let error = Error::CrossSite(format!(
        "this page is at {host}, and this site is at {site}: open it there"
    ));
    let problem = error.problem();
    let mut response = error.into_response();
    // A person who sent a form reads a page (`page::problem`).
    response.extensions_mut().insert(problem);
    response
}

/// Refuses a request that another site's page could have sent.
pub(crate) fn refusal() -> Error {
    let detail = "send the header `X-CSRF: 1`, and no `Origin` but that of this site";
    Error::CrossSite(detail.to_owned())
}

/// Whether a request may do what its method says.
fn is_allowed(method: &Method, headers: &HeaderMap, own_origin: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    let from = origin_of(headers, own_origin);
    if has_header(headers) {
        from != From::Elsewhere
    } else {
        is_form_of_a_page(headers) && from == From::SameOrigin
    }
}

fn has_header(headers: &HeaderMap) -> bool {
    let value = headers.get(path::CSRF_HEADER);
    value.is_some_and(|value| value == "1")
}

/// A form that a person sent: a navigation with a form's body, not a script's request.
fn is_form_of_a_page(headers: &HeaderMap) -> bool {
    is_form(headers)
        && headers
            .get("sec-fetch-mode")
            .is_none_or(|mode| mode == "navigate")
}

/// Both headers must agree when both are there.
fn origin_of(headers: &HeaderMap, own_origin: &str) -> From {
    let site = headers
        .get("sec-fetch-site")
        .map(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).map(|origin| origin == own_origin);
    match (site, origin) {
        (None, None) => From::Unsaid,
        (Some(false), _) | (_, Some(false)) => From::Elsewhere,
        _ => From::SameOrigin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    const OWN: &str = "https://app.example";
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

    fn post(headers: &[(&str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    name.parse::<HeaderName>().unwrap(),
                    value.parse::<HeaderValue>().unwrap(),
                )
            })
            .collect();
        is_allowed(&Method::POST, &headers, OWN)
    }

    #[test]
    fn a_script_of_our_page_may() {
        assert!(post(&[
            ("x-csrf", "1"),
            ("origin", OWN),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(
            post(&[("x-csrf", "1"), ("origin", OWN)]),
            "a browser without Sec-Fetch-Site"
        );
        assert!(post(&[("x-csrf", "1")]), "a program that is no browser");
    }

    #[test]
    fn a_form_of_our_page_may_without_the_header() {
        assert!(post(&[
            FORM,
            ("origin", OWN),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate")
        ]));
        assert!(post(&[FORM, ("origin", OWN)]));
    }

    #[test]
    fn nobody_else_may() {
        for headers in [
            &[][..],
            &[("x-csrf", "0")],
            &[("origin", OWN), ("sec-fetch-site", "same-origin")],
            &[
                ("content-type", "application/json"),
                ("origin", OWN),
                ("sec-fetch-site", "same-origin"),
            ],
            &[FORM],
            &[FORM, ("origin", OWN), ("sec-fetch-mode", "cors")],
            &[
                FORM,
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
            ],
            &[FORM, ("origin", "null")],
            &[FORM, ("origin", OWN), ("sec-fetch-site", "cross-site")],
            &[FORM, ("origin", "https://app.example.evil.example")],
            &[FORM, ("sec-fetch-site", "same-site")],
            &[FORM, ("sec-fetch-site", "none")],
            &[("x-csrf", "1"), ("origin", "https://evil.example")],
            &[("x-csrf", "1"), ("origin", "http://app.example")],
            &[("x-csrf", "1"), ("sec-fetch-site", "cross-site")],
        ] {
            assert!(!post(headers), "{headers:?}");
        }
    }

    #[test]
    fn n15_a_request_to_an_api_comes_from_our_page_whatever_its_method() {
        let headers = |headers: &[(&'static str, &'static str)]| -> HeaderMap {
            let pairs = headers.iter().map(|&(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            });
            pairs.collect()
        };
        for ours in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("origin", OWN)],
            &[("x-csrf", "1")],
        ] {
            assert!(is_from_our_page(&headers(ours), OWN), "{ours:?}");
        }
        for others in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("x-csrf", "1")],
            &[("origin", "https://evil.example")],
            &[("origin", "null"), ("x-csrf", "1")],
        ] {
            assert!(!is_from_our_page(&headers(others), OWN), "{others:?}");
        }
    }

    #[test]
    fn reading_needs_nothing() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(is_allowed(&method, &HeaderMap::new(), OWN));
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            assert!(!is_allowed(&method, &HeaderMap::new(), OWN));
        }
    }
}
