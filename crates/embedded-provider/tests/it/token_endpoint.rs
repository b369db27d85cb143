//! The token endpoint: client authentication and grant types.

use crate::support::{
    Answer, World,
    relying_party::{CLIENT_ID, basic, exchange_form},
    world::SECRET,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use sha2::Sha256;

async fn ask(world: &World, header: Option<String>, more: &[(&str, &str)]) -> Answer {
    let form = [
        &[("grant_type", "refresh_token"), ("refresh_token", "x")],
        more,
    ]
    .concat();
    let mut request = world.relying_party().unauthenticated("/token", &form);
    if let Some(header) = header {
        request = request.header(AUTHORIZATION, header);
    }
    Answer::of(request.send().await.unwrap()).await
}

fn failed() -> Value {
    json!({
        "code": "oidc.invalid_client",
        "message": "An OIDC error occurred: oidc.invalid_client.",
        "error": "invalid_client",
        "error_description": "client authentication failed",
    })
}

#[tokio::test]
async fn both_ways_of_authentication_work_with_a_difficult_secret() {
    let world = World::new().await;
    let relying_party = world.relying_party();
    assert_eq!(
        relying_party
            .exchange(&world.authorization_code().await)
            .await
            .status,
        200
    );
    let code = world.authorization_code().await;
    let form = [
        &exchange_form(&code)[..],
        &[("client_id", CLIENT_ID), ("client_secret", SECRET)],
    ]
    .concat();
    let posted = relying_party
        .unauthenticated("/token", &form)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), 200);
}

#[tokio::test]
async fn a_client_that_does_not_prove_itself_is_refused_with_a_challenge() {
    let world = World::new().await;
    let mut browser = world.browser();
    let challenge = format!(
        "Basic realm=\"{}\", error=\"invalid_client\", error_description=\"client authentication failed\"",
        world.issuer
    );
    let cases = [
        (Some(basic(CLIENT_ID, "wrong")), vec![]),
        (Some(basic(CLIENT_ID, "")), vec![]),
        (Some(basic(CLIENT_ID, &SECRET[..3])), vec![]),
        (Some("Basic %%%".to_owned()), vec![]),
        (Some("Basic bm9jb2xvbg==".to_owned()), vec![]),
        (Some("Bearer x".to_owned()), vec![]),
        (None, vec![("client_id", CLIENT_ID)]),
        (
            None,
            vec![("client_id", CLIENT_ID), ("client_secret", "wrong")],
        ),
    ];
    for (header, form) in cases {
        let answer = ask(&world, header.clone(), &form).await;
        assert_eq!(answer.outcome(), (401, failed()), "{header:?} {form:?}");
        assert_eq!(answer.header("www-authenticate"), challenge);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(browser.get("/oidc/jwks").await.status, 200);
}

#[tokio::test]
async fn other_faults_have_their_own_answers() {
    let world = World::new().await;
    let right = || Some(basic(CLIENT_ID, SECRET));
    let cases = [
        (
            Some(basic("nope", "x")),
            vec![],
            "invalid_client",
            "invalid client nope",
        ),
        (
            None,
            vec![],
            "invalid_request",
            "no client authentication mechanism provided",
        ),
        (
            right(),
            vec![("client_id", CLIENT_ID), ("client_secret", SECRET)],
            "invalid_request",
            "client authentication must only be provided using one mechanism",
        ),
        (
            right(),
            vec![("client_id", "other")],
            "invalid_request",
            "mismatch in body and authorization client ids",
        ),
        (
            right(),
            vec![("resource", "https://api.bookstore.test")],
            "invalid_target",
            "resource indicator is missing, or unknown",
        ),
        (
            right(),
            vec![("refresh_token", "another")],
            "invalid_request",
            "'refresh_token' parameter must not be provided twice",
        ),
    ];
    for (header, form, error, description) in cases {
        let answer = ask(&world, header, &form).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["error_description"]),
            (400, &json!(error), &json!(description)),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn only_two_grant_types_are_for_web_applications() {
    let world = World::new().await;
    for (grant_type, error, description) in [
        (
            "client_credentials",
            "invalid_request",
            "requested grant type is not allowed for this client",
        ),
        (
            "implicit",
            "invalid_request",
            "requested grant type is not allowed for this client",
        ),
        (
            "password",
            "unsupported_grant_type",
            "unsupported grant_type requested",
        ),
        (
            "",
            "invalid_request",
            "missing required parameter 'grant_type'",
        ),
    ] {
        let answer = world
            .relying_party()
            .post("/token", &[("grant_type", grant_type)])
            .await;
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["error_description"]),
            (400, &json!(error), &json!(description))
        );
    }
}

#[tokio::test]
async fn no_page_of_another_origin_reads_a_token() {
    let world = World::new().await;
    let request = world
        .relying_party()
        .unauthenticated("/token", &[])
        .header("origin", "https://evil.example");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

/// A client assertion: the usual claims, changed.
fn assertion(world: &World, secret: &str, alg: &str, change: impl FnOnce(&mut Value)) -> String {
    let now = world.clock.unix();
    let mut claims = json!({
        "iss": CLIENT_ID, "sub": CLIENT_ID, "aud": world.issuer, "jti": "the first", "iat": now, "exp": now + 60,
    });
    change(&mut claims);
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&json!({"alg": alg})), encode(&claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
}

async fn with_assertion(world: &World, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let form = [
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            ("client_assertion", assertion),
        ],
        more,
    ]
    .concat();
    let request = world.relying_party().unauthenticated("/token", &form);
    Answer::of(request.send().await.unwrap()).await
}

const ASSERTION_TYPE: (&str, &str) = (
    "client_assertion_type",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
);

#[tokio::test]
async fn q56_a_client_may_prove_itself_by_an_assertion_once() {
    let world = World::new().await;
    let token_endpoint = format!("{}/token", world.issuer);
    for (name, audience) in [
        ("a", json!(world.issuer)),
        ("b", json!(token_endpoint)),
        ("c", json!(["https://other.example", world.issuer])),
    ] {
        let code = world.authorization_code().await;
        let assertion = assertion(&world, SECRET, "HS256", |claims| {
            claims["aud"] = audience;
            claims["jti"] = name.into();
        });
        let form = [
            &exchange_form(&code)[..],
            &[("client_assertion", &assertion), ASSERTION_TYPE],
        ]
        .concat();
        let request = world.relying_party().unauthenticated("/token", &form);
        assert_eq!(request.send().await.unwrap().status(), 200, "{name}");
        let again = with_assertion(&world, &assertion, &[ASSERTION_TYPE]).await;
        assert_eq!(again.outcome(), (401, failed()), "{name}");
    }
}

#[tokio::test]
async fn q56_an_assertion_that_is_wrong_is_refused() {
    let world = World::new().await;
    let wrong = [
        ("iss", json!("other")),
        ("iss", json!("")),
        ("aud", json!("https://other.example")),
        ("aud", json!(null)),
        ("exp", json!(world.clock.unix())),
        ("exp", json!(null)),
        ("nbf", json!(world.clock.unix() + 1)),
        ("jti", json!("")),
    ];
    let mut assertions: Vec<_> = wrong
        .into_iter()
        .map(|(name, value)| {
            let change = |claims: &mut Value| claims[name] = value;
            (name, assertion(&world, SECRET, "HS256", change))
        })
        .collect();
    assertions.push(("secret", assertion(&world, "wrong", "HS256", |_| ())));
    assertions.push(("algorithm", assertion(&world, SECRET, "none", |_| ())));
    let right = assertion(&world, SECRET, "HS256", |_| ());
    let (signed, _) = right.rsplit_once('.').unwrap();
    assertions.push(("no signature", format!("{signed}.")));
    for (name, assertion) in assertions {
        let answer = with_assertion(&world, &assertion, &[ASSERTION_TYPE]).await;
        assert_eq!(answer.outcome(), (401, failed()), "{name}");
    }

    let secret = ("client_secret", SECRET);
    for (assertion, more, description) in [
        (
            "garbage",
            vec![ASSERTION_TYPE],
            "invalid client_assertion format",
        ),
        (&right, vec![], "client_assertion_type must be provided"),
        (
            &right,
            vec![ASSERTION_TYPE, secret],
            "client authentication must only be provided using one mechanism",
        ),
        (
            &right,
            vec![ASSERTION_TYPE, ("client_id", "other")],
            "client_id mismatch",
        ),
    ] {
        let answer = with_assertion(&world, assertion, &more).await;
        assert_eq!(
            (answer.status, &answer.json()["error_description"]),
            (400, &json!(description))
        );
    }
}
