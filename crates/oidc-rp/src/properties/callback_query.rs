//! The callback's query: a code only without an error, and nothing that comes twice.

use super::form;
use crate::{AuthorizationResponse, Outcome};

/// The property, for any bytes.
///
/// # Panics
/// When it does not hold.
pub fn holds(input: &[u8]) {
    code(&String::from_utf8_lossy(input));
}

/// The property; answers the code that was read.
fn code(query: &str) -> Option<String> {
    let pairs = form::pairs(query.as_bytes());
    let [states, issuers, errors, codes] =
        ["state", "iss", "error", "code"].map(|name| form::values(&pairs, name));
    let once = [&states, &issuers, &errors, &codes]
        .iter()
        .all(|values| values.len() <= 1);

    let response = AuthorizationResponse::read(query);

    let expected = match (once, errors.first(), codes.first()) {
        (true, Some(error), _) => kind_of(error),
        (true, None, Some(code)) if !code.is_empty() => "Code",
        _ => "Malformed",
    };
    let read = match &response.outcome {
        Outcome::Refused(error) => format!("{:?}", error.kind()),
        outcome => format!("{outcome:?}"),
    };
    assert_eq!(read, expected);
    let state = states.first().copied().filter(|_| once);
    assert_eq!(response.unverified_state.as_deref(), state);
    if once {
        assert_eq!(response.unverified_iss.as_deref(), issuers.first().copied());
    }
    let Outcome::Code(code) = response.outcome else {
        return None;
    };
    assert_eq!(Some(&code.secret().as_str()), codes.first());
    Some(code.secret().clone())
}

fn kind_of(error: &str) -> &'static str {
    let needs_the_person = [
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
    ];
    match error {
        "access_denied" => "Denied",
        _ if needs_the_person.contains(&error) => "Interaction",
        "invalid_grant" => "Grant",
        "server_error" | "temporarily_unavailable" | "slow_down" => "Passing",
        _ => "Other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::{collection::vec, prelude::*, sample::select};

    const NAMES: [&str; 14] = [
        "state",
        "%73tate",
        "state+",
        "State",
        "iss",
        "i%73s",
        "code",
        "cod%65",
        "code%00",
        "error",
        "%65rror",
        "error_description",
        "access_token",
        "id_token",
    ];

    /// One parameter as it stands in a query.
    fn parameter() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            "[A-Za-z0-9._~-]{0,12}",
            Just("access_denied".to_owned()),
            Just("login%5Frequired".to_owned()),
            "[!-%'-~]{0,12}",
        ];
        (select(&NAMES[..]), "=?", value).prop_map(|(name, equals, value)| {
            if equals.is_empty() {
                name.to_owned()
            } else {
                format!("{name}={value}")
            }
        })
    }

    /// Parameters that mean nothing to us.
    fn strangers() -> impl Strategy<Value = Vec<String>> {
        vec(
            "(error_description|access_token|id_token|x|Code|code%20)=[A-Za-z0-9%+]{0,9}",
            0..6,
        )
    }

    fn query(mut strangers: Vec<String>, ours: &[String], at: prop::sample::Index) -> String {
        for parameter in ours {
            strangers.insert(at.index(strangers.len() + 1), parameter.clone());
        }
        strangers.join("&")
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn b034_b035_a_code_is_read_and_tokens_beside_it_are_not(
            strangers in strangers(),
            at in any::<prop::sample::Index>(),
            given in "[A-Za-z0-9._~-]{1,40}",
        ) {
            let query = query(strangers, &[format!("code={given}"), "state=s".to_owned()], at);
            prop_assert_eq!(code(&query), Some(given));
        }

        #[test]
        fn b027_beside_an_error_there_is_no_code(
            strangers in strangers(),
            at in any::<prop::sample::Index>(),
            error in "[A-Za-z_%0-9]{0,20}",
        ) {
            let ours = ["code=c".to_owned(), format!("error={error}"), "state=s".to_owned()];
            prop_assert_eq!(code(&query(strangers, &ours, at)), None);
        }

        #[test]
        fn whatever_comes_twice_there_is_no_code(
            strangers in strangers(),
            at in any::<prop::sample::Index>(),
            twice in select(&["code=c", "cod%65=d", "state=t", "%73tate", "iss=i"][..]),
        ) {
            let ours = ["code=c", "state=s", "iss=i", twice].map(str::to_owned);
            prop_assert_eq!(code(&query(strangers, &ours, at)), None);
        }

        #[test]
        fn b027_any_parameters_are_read_by_the_same_rule(
            parameters in vec(parameter(), 0..7),
            between in select(&["&", "&&", ";", "?"][..]),
        ) {
            holds(parameters.join(between).as_bytes());
        }

        #[test]
        fn any_bytes_are_read_by_the_same_rule(input in vec(any::<u8>(), 0..300)) {
            holds(&input);
        }
    }

    #[test]
    fn b027_b034_b035_every_seed_has_a_code_only_when_it_is_named_code() {
        for (name, input) in seeds::of("callback_query") {
            let found = code(&String::from_utf8_lossy(&input));
            assert_eq!(found.is_some(), name.starts_with("code"), "{name}");
        }
    }
}
