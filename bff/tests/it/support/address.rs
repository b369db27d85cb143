//! Where a browser goes from a page by a text: the WHATWG URL Standard, also where the `url` crate differs.

use url::Url;

/// Resolves a reference; `None` where a browser has nowhere to go.
///
/// `Url::join` refuses `///host`, where browsers skip all slashes and go to `host`. So what leads to an authority
/// is written with two slashes before it is parsed.
pub(super) fn resolve(base: &Url, reference: &str) -> Option<Url> {
    let reference: String = reference
        .trim_matches(|character: char| character <= ' ')
        .chars()
        .filter(|character| !matches!(character, '\t' | '\n' | '\r'))
        .collect();
    let (scheme, rest) = split_scheme(&reference);
    match scheme {
        // A special scheme that is the base's own says nothing new ("special relative or authority state").
        Some(scheme) if is_special(&scheme) && scheme != base.scheme() => Url::parse(&format!(
            "{scheme}://{}",
            rest.trim_start_matches(['/', '\\'])
        ))
        .ok(),
        Some(scheme) if !is_special(&scheme) => Url::parse(&reference).ok(),
        _ => {
            let authority = rest.trim_start_matches(['/', '\\']);
            if rest.len() - authority.len() >= 2 {
                Url::parse(&format!("{}://{authority}", base.scheme())).ok()
            } else if split_scheme(rest).0.is_some() {
                base.join(&format!("./{rest}")).ok() // after our own scheme another one is a path
            } else {
                base.join(rest).ok()
            }
        }
    }
}

/// The scheme in lower case, and what comes after its colon.
fn split_scheme(reference: &str) -> (Option<String>, &str) {
    let Some((scheme, rest)) = reference.split_once(':') else {
        return (None, reference);
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if is_scheme {
        (Some(scheme.to_ascii_lowercase()), rest)
    } else {
        (None, reference)
    }
}

fn is_special(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp")
}

#[test]
fn a_reference_leads_where_it_leads_in_browsers() {
    let base = Url::parse("https://app.example/books/list?x=1#top").unwrap();
    for (reference, expected) in [
        ("/a", Some("https://app.example/a")),
        ("a", Some("https://app.example/books/a")),
        ("?q", Some("https://app.example/books/list?q")),
        ("", Some("https://app.example/books/list?x=1")),
        ("//evil.example/a", Some("https://evil.example/a")),
        ("///evil.example/a", Some("https://evil.example/a")),
        ("////evil.example", Some("https://evil.example/")),
        ("/\\evil.example", Some("https://evil.example/")),
        ("\\/evil.example", Some("https://evil.example/")),
        ("\\\\evil.example", Some("https://evil.example/")),
        ("\\evil.example", Some("https://app.example/evil.example")),
        ("/\t/evil.example", Some("https://evil.example/")),
        ("/\r\n/evil.example", Some("https://evil.example/")),
        ("\t //evil.example \n", Some("https://evil.example/")),
        (
            "https:evil.example",
            Some("https://app.example/books/evil.example"),
        ),
        (
            "https:/evil.example",
            Some("https://app.example/evil.example"),
        ),
        ("https:\\\\evil.example", Some("https://evil.example/")),
        (
            "https:javascript:x",
            Some("https://app.example/books/javascript:x"),
        ),
        ("http:evil.example", Some("http://evil.example/")),
        ("HTTP:/evil.example", Some("http://evil.example/")),
        (
            "https://app.example@evil.example/",
            Some("https://app.example@evil.example/"),
        ),
        ("java\nscript:alert(1)", Some("javascript:alert(1)")),
        (
            "/.//evil.example",
            Some("https://app.example//evil.example"),
        ),
        (
            "/x/..//evil.example",
            Some("https://app.example//evil.example"),
        ),
        ("//", None),
        ("https://", None),
    ] {
        let found = resolve(&base, reference);
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{reference:?}");
    }
}
