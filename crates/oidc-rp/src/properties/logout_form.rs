//! The form of a back-channel logout: one `logout_token`, in a form and nothing else.

use super::form;
use crate::read_logout_request;
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};

/// The property, for any bytes.
///
/// # Panics
/// When it does not hold.
pub fn holds(input: &[u8]) {
    token(input);
}

/// The property; answers the token that was read.
fn token(body: &[u8]) -> Option<String> {
    let found = read_logout_request(&content_type("application/x-www-form-urlencoded"), body);
    let pairs = form::pairs(body);
    let expected = match form::values(&pairs, "logout_token").as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    assert_eq!(found, expected);
    for other in ["application/json", "multipart/form-data", "text/plain", ""] {
        assert_eq!(
            read_logout_request(&content_type(other), body),
            None,
            "{other}"
        );
    }
    assert_eq!(read_logout_request(&HeaderMap::new(), body), None);
    found
}

fn content_type(value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::{collection::vec, prelude::*, sample::select};

    fn stranger() -> impl Strategy<Value = String> {
        "(logout_toke|logout_token%20|Logout_Token|id_token|[a-z]{0,3})=[A-Za-z0-9%+]{0,9}"
    }

    fn strangers() -> impl Strategy<Value = Vec<String>> {
        vec(stranger(), 0..20)
    }

    fn body(mut strangers: Vec<String>, ours: &[&str], at: prop::sample::Index) -> Vec<u8> {
        for parameter in ours {
            strangers.insert(at.index(strangers.len() + 1), (*parameter).to_owned());
        }
        strangers.join("&").into_bytes()
    }

    proptest! {
        #![proptest_config(cases(256))]

        #[test]
        fn b146_one_token_among_a_thousand_parameters_is_read(
            stranger in stranger(),
            number in 0..=1_000_usize,
            at in any::<prop::sample::Index>(),
        ) {
            let body = body(vec![stranger; number], &["logout_token=e30.e30.eA"], at);
            prop_assert_eq!(token(&body), Some("e30.e30.eA".to_owned()));
        }

        #[test]
        fn b145_two_tokens_are_none(
            strangers in strangers(),
            at in any::<prop::sample::Index>(),
            second in select(&["logout_token=e30.e30.eA", "logout%5Ftoken=x", "logout_token", "logout_token="][..]),
        ) {
            prop_assert_eq!(token(&body(strangers, &["logout_token=e30.e30.eA", second], at)), None);
        }

        #[test]
        fn b130_without_a_token_there_is_none(strangers in strangers()) {
            prop_assert_eq!(token(strangers.join("&").as_bytes()), None);
        }

        #[test]
        fn b130_any_bytes_are_read_by_the_same_rule(
            input in vec(prop_oneof![any::<u8>(), select(&b"&=%+;"[..])], 0..200),
        ) {
            holds(&input);
        }
    }

    #[test]
    fn b130_b145_every_seed_has_a_token_only_when_it_is_named_token() {
        for (name, input) in seeds::of("logout_form") {
            assert_eq!(token(&input).is_some(), name.starts_with("token"), "{name}");
        }
    }
}
