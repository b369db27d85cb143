//! `ReturnTo`: what is accepted stays on our site and is sent unchanged but for percent-encoding; what is not leads home.

use super::{browser, percent};
use crate::return_to::ReturnTo;
use shared::path;
use url::Url;

/// Something behind us may decode what we accepted, and again.
const DECODINGS: usize = 5;

/// The property, for any bytes.
///
/// # Panics
/// When it does not hold.
pub fn holds(input: &[u8]) {
    is_kept(&String::from_utf8_lossy(input));
}

/// The property; answers whether the text was accepted.
fn is_kept(unverified: &str) -> bool {
    let return_to = ReturnTo::from_unverified(unverified);
    let text = String::from(return_to.clone());
    assert_eq!(return_to.redirect().headers()["location"], text.as_str());
    assert_eq!(
        ReturnTo::try_from(text.clone()).as_ref(),
        Ok(&return_to),
        "what a cookie keeps can be read again"
    );
    if text == "/" && unverified != "/" {
        return false; // what is refused leads home
    }
    assert_eq!(
        percent::decode(text.as_bytes()),
        percent::decode(unverified.as_bytes())
    );
    let is_address = |byte: u8| byte.is_ascii_graphic();
    if text != unverified {
        let path = unverified.split(['?', '#']).next().unwrap_or_default();
        assert!(
            !unverified.bytes().all(is_address) || path.ends_with('%'),
            "an address is sent unchanged"
        );
    }
    assert!(text.len() <= 1_000, "several must fit into a cookie header");
    let before_query = &text[..text.find(['?', '#']).unwrap_or(text.len())];
    assert_eq!(
        browser::path_on_our_site(&text).as_deref(),
        Some(before_query),
        "a browser changes the path"
    );
    let mut decoded = text;
    for _ in 0..=DECODINGS {
        stays_on_our_site(&decoded);
        decoded = String::from_utf8_lossy(&percent::decode(decoded.as_bytes())).into_owned();
    }
    true
}

fn stays_on_our_site(reference: &str) {
    let path = browser::path_on_our_site(reference);
    let Some(path) = path else {
        panic!("a browser leaves our site with {reference:?}");
    };
    assert!(!path.starts_with("//"), "{reference:?} hides a host");
    let round_trip = [
        path::SIGN_IN,
        path::CALLBACK,
        path::SIGN_OUT,
        path::SIGN_IN_FAILED,
    ];
    let page = path.trim_end_matches('/');
    assert!(!round_trip.contains(&page), "{reference:?} goes in circles");

    let resolved = Url::parse("https://app.example/shelf/book").and_then(|we| we.join(reference));
    let Ok(resolved) = resolved else {
        panic!("{reference:?} cannot be resolved");
    };
    assert_eq!(
        resolved.origin().ascii_serialization(),
        "https://app.example"
    );
    assert!(!resolved.path().starts_with("//"), "{reference:?}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::{collection::vec, prelude::*, sample::select};

    /// What open redirects are made of.
    const PIECES: [&str; 49] = [
        "/",
        "/",
        "/",
        "\\",
        "//",
        "///",
        "%2f",
        "%2F",
        "%5c",
        "%5C",
        "%252f",
        "%25",
        "%",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "\t",
        "\n",
        "\r",
        "\0",
        " ",
        "%09",
        "%0a",
        "%00",
        "%20",
        "@",
        ":",
        "?",
        "#",
        "%3f",
        "%23",
        "https:",
        "javascript:",
        "evil.example",
        "app.example",
        "a",
        "sign-in",
        "%73ign-in",
        "callback",
        "/../",
        "/./",
        "/%2e%2e/",
        "/.%2E",
        "/..",
        ";",
        "\u{85}",
        "\u{ff0f}",
        "%ff",
    ];

    fn segment() -> impl Strategy<Value = String> {
        let plain = "[A-Za-z0-9._~;=@:,!$&'()*+-]{1,8}"
            .prop_filter("dots lead elsewhere", |segment| {
                segment != "." && segment != ".."
            });
        let encoded = any::<char>()
            .prop_filter("is no part of a name", |character| {
                !character.is_control() && !"/\\%.?# ".contains(*character)
            })
            .prop_map(|character| {
                let bytes = character.to_string().into_bytes();
                let encoded: Vec<_> = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
                encoded.concat()
            });
        prop_oneof![plain, encoded]
    }

    /// Local paths that a page of ours could have.
    fn good() -> impl Strategy<Value = String> {
        let query = "(\\?[!$-\\[\\]-~]{0,40})?";
        let fragment = "(#[!#-\\[\\]-~]{0,20})?";
        (vec(segment(), 0..6), "/?", query, fragment).prop_filter_map(
            "must not be a page of the sign-in itself",
            |(segments, slash, query, fragment)| {
                let path = segments.join("/");
                let slash = if path.is_empty() { "" } else { &slash };
                let ours = ["sign-in", "sign-out", "callback", "sign-in-failed"];
                (!ours.contains(&path.as_str())).then(|| format!("/{path}{slash}{query}{fragment}"))
            },
        )
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn r31_r32_r35_r36_r38_every_good_local_path_is_kept(path in good()) {
            prop_assert!(is_kept(&path));
        }

        #[test]
        fn t13_no_mixture_of_hostile_pieces_leaves_our_site(
            pieces in vec(select(&PIECES[..]), 0..12),
        ) {
            holds(pieces.concat().as_bytes());
        }

        #[test]
        fn t13_a_good_path_with_one_hostile_piece_in_it_stays_with_us(
            path in good(),
            piece in select(&PIECES[..]),
            at in any::<prop::sample::Index>(),
        ) {
            let (before, after) = path.split_at(at.index(path.len() + 1));
            holds(format!("{before}{piece}{after}").as_bytes());
        }

        #[test]
        fn r28_any_bytes_are_a_local_path_or_lead_home(input in vec(any::<u8>(), 0..1_100)) {
            holds(&input);
        }
    }

    #[test]
    fn t13_r29_every_seed_leads_home_unless_it_is_named_kept() {
        for (name, input) in seeds::of("return_to") {
            let text = String::from_utf8_lossy(&input);
            assert_eq!(is_kept(&text), name.starts_with("kept"), "{name}");
        }
    }
}
