//! Cases for the property: good claims, damaged ones, headers around them.

use super::*;
use crate::properties::{cases, seeds};
use proptest::{collection::vec, prelude::*, sample::select};

/// Claims that end a session or all of a person's.
fn good() -> impl Strategy<Value = Value> {
    let whom = prop_oneof![
        "[!-~]{1,20}".prop_map(|sub| json!({"sub": sub})),
        "[!-~]{1,20}".prop_map(|sid| json!({"sid": sid})),
        "[!-~]{1,20}".prop_map(|both| json!({"sub": both, "sid": both})),
    ];
    let audience = select(vec![json!(US), json!([US])]);
    (whom, audience, -600..=60, -59..=600, "[!-~]{1,20}").prop_map(
        |(mut claims, audience, issued, expires, jti)| {
            claims["iss"] = json!(ISSUER);
            claims["aud"] = audience;
            claims["iat"] = json!(NOW + issued);
            claims["exp"] = json!(NOW + expires);
            claims["jti"] = json!(jti);
            claims["events"] = json!({EVENT: {}});
            claims
        },
    )
}

/// Values that a claim might have instead.
fn strange_value() -> impl Strategy<Value = Value> {
    let numbers = vec![
        0,
        -1,
        NOW - 601,
        NOW - 600,
        NOW - 60,
        NOW + 60,
        NOW + 61,
        i32::MAX,
    ];
    prop_oneof![
        select(vec![
            Value::Null,
            json!(""),
            json!([]),
            json!({}),
            json!(true),
            json!(1e300),
            json!([US, US]),
            json!([US, "stranger"]),
            json!([EVENT]),
            json!({EVENT: null}),
            json!({EVENT: []}),
        ]),
        select(numbers).prop_map(|number| json!(number)),
        "[ -~]{0,10}".prop_map(Value::String),
    ]
}

const NAMES: [&str; 9] = [
    "iss", "aud", "iat", "exp", "jti", "sub", "sid", "events", "nonce",
];

/// A header and a signature that could be one of its algorithm; mostly those with which keys are asked.
fn header_and_signature() -> impl Strategy<Value = (String, Vec<u8>)> {
    let refused = select(&["HS256", "HS384", "none", "nOnE", "ES256", "PS256"][..]);
    let algorithm = prop_oneof![
        4 => Just(("ES384", Some("elliptic"), 96)),
        4 => Just(("RS256", Some("rsa"), 256)),
        1 => Just(("ES384", None, 96)),
        1 => Just(("ES384", Some("rsa"), 256)),
        2 => (refused, select(vec![0, 32, 64, 96])).prop_map(|(name, length)| (name, None, length)),
    ];
    let typ = select(vec![Some("logout+jwt"), Some("JWT"), None]);
    (algorithm, typ).prop_flat_map(|((alg, kid, length), typ)| {
        let header = json!({"alg": alg, "kid": kid, "typ": typ}).to_string();
        let signature = prop_oneof![
            vec(any::<u8>(), length),
            Just(vec![0; length]),
            Just(vec![1; length])
        ];
        (Just(header), signature)
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn good_claims_are_accepted(claims in good()) {
        prop_assert_eq!(wrong_claims(&claims), [""; 0]);
        prop_assert!(accepted(claims.to_string().as_bytes()).is_some());
    }

    #[test]
    fn b131_b133_b138_of_damaged_claims_only_good_ones_are_accepted(
        mut claims in good(),
        damages in vec((select(&NAMES[..]), strange_value()), 1..3),
    ) {
        for (name, value) in damages {
            claims[name] = value;
        }
        accepted(claims.to_string().as_bytes());
    }

    #[test]
    fn b131_a_missing_claim_is_never_made_up(mut claims in good(), name in select(&NAMES[..6])) {
        let claims = claims.as_object_mut().expect("claims are an object");
        if name == "sub" {
            claims.remove("sid");
        }
        claims.remove(name);
        let claims = Value::Object(claims.clone()).to_string();
        prop_assert!(accepted(claims.as_bytes()).is_none());
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn b045_b142_good_claims_without_the_providers_signature_verify_never(
        (header, signature) in header_and_signature(),
        claims in good(),
    ) {
        let lines = [header.as_bytes(), claims.to_string().as_bytes(), &signature].join(&b'\n');
        holds(&lines);
    }

    #[test]
    fn any_bytes_are_no_token(input in vec(prop_oneof![any::<u8>(), select(&b".\n{}[]\":,"[..])], 0..200)) {
        holds(&input);
    }
}

#[test]
fn b131_b133_b138_every_seed_has_good_claims_only_when_it_is_named_good() {
    for (name, input) in seeds::of("logout_token") {
        holds(&input);
        let claims = input
            .split(|&byte| byte == b'\n')
            .nth(1)
            .unwrap_or_default();
        assert_eq!(
            accepted(claims).is_some(),
            name.starts_with("good"),
            "{name}"
        );
    }
}

#[test]
fn b131_a_jti_is_remembered_as_long_as_its_token_would_be_accepted_and_not_longer() {
    for (issued, expires, forgotten) in [(0, 120, 180), (-500, 120, 160), (0, 1_000_000, 660)] {
        let claims = json!({
            "iss": ISSUER, "aud": US, "iat": NOW + issued, "exp": NOW + expires, "jti": "jti", "sub": "sub",
            "events": {EVENT: {}},
        });
        let token = check(claims.to_string().as_bytes(), NOW.into()).unwrap();
        assert_eq!(
            token.expires_at,
            i64::from(NOW + forgotten),
            "{issued} {expires}"
        );
    }
}
