//! The `Cookie` header: only the byte-exact name counts, two sessions are none, and no neighbour hides ours.

use crate::request::cookies::{CookieNames, Cookies};
use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::sync::LazyLock;

static NAMES: LazyLock<CookieNames> = LazyLock::new(|| CookieNames {
    session: "__Host-session".into(),
    pending_prefix: "__Host-sign-in.".into(),
    secure: true,
});

/// The property, for any bytes: each line is one `Cookie` header.
///
/// # Panics
/// When it does not hold.
pub fn holds(input: &[u8]) {
    let lines: Vec<_> = input.split(|&byte| byte == b'\n').collect();
    session(&lines);
}

/// The property. Returns the session cookie that was found.
fn session(lines: &[&[u8]]) -> Option<String> {
    let mut headers = HeaderMap::new();
    for value in lines
        .iter()
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
    {
        headers.append(COOKIE, value);
    }
    let sent: Vec<_> = headers.get_all(COOKIE).iter().collect();
    let sent: Vec<_> = sent.iter().map(|value| value.as_bytes()).collect();

    let cookies = Cookies::read(&headers);

    let ours = values(&sent, NAMES.session.as_bytes());
    let expected = match ours.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let found = cookies.only(&NAMES.session);
    assert_eq!(found.map(str::as_bytes), expected);

    let ids: Vec<_> = ours
        .iter()
        .filter(|value| is_128_bits_in_base64url(value))
        .collect();
    let id = match ids.as_slice() {
        [only] => std::str::from_utf8(only)
            .ok()
            .and_then(|value| value.parse().ok()),
        _ => None,
    };
    assert_eq!(cookies.session_id(&NAMES), id);

    for (name, value) in cookies.with_prefix(&NAMES.pending_prefix) {
        assert!(name.starts_with(&*NAMES.pending_prefix));
        assert!(name.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(values(&sent, name.as_bytes()).contains(&value.as_bytes()));
    }
    found.map(str::to_owned)
}

/// The model: the values of every pair that begins with these bytes and `=`, as far as they are visible ASCII.
fn values<'a>(headers: &[&'a [u8]], name: &[u8]) -> Vec<&'a [u8]> {
    let pairs = headers
        .iter()
        .flat_map(|header| header.split(|&byte| byte == b';'));
    pairs
        .map(without_blanks)
        .filter_map(|pair| pair.strip_prefix(name)?.strip_prefix(b"="))
        .filter(|value| value.iter().all(u8::is_ascii_graphic))
        .collect()
}

/// A pair without the blanks and tabs around it.
fn without_blanks(mut pair: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = pair {
        pair = rest;
    }
    pair
}

fn is_128_bits_in_base64url(value: &[u8]) -> bool {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    value.len() == 22 && value.iter().all(|byte| alphabet.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::{collection::vec, prelude::*};

    const ID: &str = "AbCdEfGhIjKlMnOpQrSt-_";
    const OURS: &[u8] = b"__Host-session=AbCdEfGhIjKlMnOpQrSt-_";

    /// Bytes that may stand in a header between two semicolons, near to our name or far from it.
    fn neighbour() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![0x20..=0x3a_u8, 0x3c..=0x7e_u8, 0x80..=0xff_u8, Just(b'\t')];
        let anything = vec(byte, 0..40);
        let alias = "[ \\t]?(_%5F|__|%5F%5F|__ )[Hh]os(t|%74)-(session|sessio|sessions|sign-in\\.x) ?(=|=[!-:<-~]{0,30}|)";
        prop_oneof![anything, alias.prop_map(String::into_bytes)].prop_filter("is ours", |pair| {
            values(&[pair], b"__Host-session").is_empty()
        })
    }

    /// Pairs, as headers with so many pairs each.
    fn headers(pairs: &[Vec<u8>], per_header: usize) -> Vec<Vec<u8>> {
        pairs
            .chunks(per_header)
            .map(|some| some.join(&b"; "[..]))
            .collect()
    }

    fn read(pairs: &[Vec<u8>], per_header: usize) -> Option<String> {
        let headers = headers(pairs, per_header);
        session(&headers.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn t02_no_neighbour_hides_our_cookie(
            mut pairs in vec(neighbour(), 0..8),
            at in any::<prop::sample::Index>(),
            per_header in 1..5_usize,
        ) {
            pairs.insert(at.index(pairs.len() + 1), OURS.to_vec());
            prop_assert_eq!(read(&pairs, per_header), Some(ID.to_owned()));
        }

        #[test]
        fn t01_no_neighbour_counts_as_our_cookie(
            pairs in vec(neighbour(), 0..8),
            per_header in 1..5_usize,
        ) {
            prop_assert_eq!(read(&pairs, per_header), None);
        }

        #[test]
        fn t01_a_second_cookie_of_our_name_makes_both_void(
            mut pairs in vec(neighbour(), 0..8),
            value in "[!-:<-~]{0,30}",
            places in any::<[prop::sample::Index; 2]>(),
            per_header in 1..5_usize,
        ) {
            for pair in [OURS.to_vec(), format!("__Host-session={value}").into_bytes()] {
                pairs.insert(places[0].index(pairs.len() + 1), pair);
                let by = places[1].index(pairs.len());
                pairs.rotate_left(by);
            }
            prop_assert_eq!(read(&pairs, per_header), None);
        }

        #[test]
        fn b082_any_bytes_in_any_number_of_headers_are_read_by_the_same_rule(
            input in vec(prop_oneof![any::<u8>(), Just(b';'), Just(b'='), Just(b'\n')], 0..100),
        ) {
            holds(&input);
        }
    }

    #[test]
    fn t01_t02_every_seed_has_our_cookie_only_when_it_is_named_kept() {
        for (name, input) in seeds::of("cookie_header") {
            let lines: Vec<_> = input.split(|&byte| byte == b'\n').collect();
            assert_eq!(
                session(&lines).is_some(),
                name.starts_with("kept"),
                "{name}"
            );
        }
    }
}
