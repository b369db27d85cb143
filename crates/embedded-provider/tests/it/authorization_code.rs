//! Authorization codes: every rule of the exchange, as recorded from Logto.

use crate::support::{
    World,
    relying_party::{REDIRECT_URI, VERIFIER, exchange_form},
};
use serde_json::{Value, json};

pub(crate) fn invalid_grant() -> (u16, Value) {
    let body = json!({
        "code": "oidc.invalid_grant",
        "message": "Grant request is invalid.",
        "error_uri": "https://openid.sh/debug/invalid_grant",
        "error": "invalid_grant",
        "error_description": "grant request is invalid",
    });
    (400, body)
}

#[tokio::test]
async fn a_wrong_request_is_refused_and_leaves_the_code_unused() {
    let world = World::new().await;
    let code = world.authorization_code().await;
    let wrong_verifier = VERIFIER.replace('a', "b");
    let with = |verifier, redirect_uri| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ]
    };
    let cases = [
        with(&wrong_verifier, REDIRECT_URI),
        with("", REDIRECT_URI),
        with(VERIFIER, "http://localhost:3000/"),
        with(VERIFIER, "http://localhost:8080/callback"),
    ];
    let relying_party = world.relying_party();
    for form in cases {
        let answer = relying_party.post("/token", &form).await;
        assert_eq!(answer.outcome(), invalid_grant(), "{form:?}");
    }
    let short = relying_party
        .post("/token", &with("short", REDIRECT_URI))
        .await;
    assert_eq!(
        (short.status, &short.json()["error"]),
        (400, &json!("invalid_request"))
    );
    assert_eq!(relying_party.exchange(&code).await.status, 200);
}

#[tokio::test]
async fn the_redirect_uri_may_be_left_out() {
    let world = World::new().await;
    let code = world.authorization_code().await;
    let form = exchange_form(&code);
    let without: Vec<_> = form
        .into_iter()
        .filter(|(name, _)| *name != "redirect_uri")
        .collect();
    assert_eq!(
        world.relying_party().post("/token", &without).await.status,
        200
    );
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let world = World::new().await;
    for (seconds, status) in [(59, 200), (60, 400)] {
        let code = world.authorization_code().await;
        world.advance(seconds);
        assert_eq!(
            world.relying_party().exchange(&code).await.status,
            status,
            "{seconds}"
        );
    }
}

#[tokio::test]
async fn a_used_code_ends_every_token_that_came_from_it() {
    let world = World::new().await;
    let relying_party = world.relying_party();
    for seconds in [0, 1, 30, 600] {
        let code = world.authorization_code().await;
        let tokens = relying_party.exchange(&code).await.json();
        let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
        assert_eq!(
            relying_party.userinfo(&token("access_token")).await.status,
            200
        );
        world.advance(seconds);
        assert_eq!(
            relying_party.exchange(&code).await.outcome(),
            invalid_grant()
        );
        assert_eq!(
            relying_party.userinfo(&token("access_token")).await.status,
            401,
            "{seconds}"
        );
        let refreshed = relying_party.refresh(&token("refresh_token")).await;
        assert_eq!(refreshed.outcome(), invalid_grant(), "{seconds}");
    }
}

#[tokio::test]
async fn of_many_uses_at_once_at_most_one_gets_tokens() {
    let world = World::in_file().await;
    for _ in 0..10 {
        let code = world.authorization_code().await;
        let uses: Vec<_> = (0..8)
            .map(|_| {
                let (relying_party, code) = (world.relying_party(), code.clone());
                tokio::spawn(async move { relying_party.exchange(&code).await })
            })
            .collect();
        let mut given = Vec::new();
        for used in uses {
            let answer = used.await.unwrap();
            match answer.status {
                200 => given.push(answer.json()),
                _ => assert_eq!(answer.outcome(), invalid_grant()),
            }
        }
        assert!(given.len() <= 1);
        for tokens in given {
            let token = tokens["access_token"].as_str().unwrap();
            assert_eq!(world.relying_party().userinfo(token).await.status, 401);
        }
    }
}

#[tokio::test]
async fn garbage_is_no_code() {
    let world = World::new().await;
    let long = "x".repeat(10_000);
    for garbage in ["x", "ä", "' OR 1=1 --", long.as_str()] {
        let answer = world.relying_party().exchange(garbage).await;
        assert_eq!(answer.outcome(), invalid_grant());
    }
    let missing = world
        .relying_party()
        .post("/token", &[("grant_type", "authorization_code")])
        .await;
    assert_eq!(
        missing.json()["error_description"],
        "missing required parameter 'code'"
    );
}

#[tokio::test]
async fn a_code_of_another_client_is_refused() {
    let world = World::with_tenant(with_second_application).await;
    let code = world.authorization_code().await;
    let request = world
        .relying_party()
        .unauthenticated("/token", &exchange_form(&code))
        .basic_auth("other", Some("other-secret"));
    let answer = crate::support::Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.outcome(), invalid_grant());
    assert_eq!(world.relying_party().exchange(&code).await.status, 200);
}

/// The example tenant with another application, `other`.
pub(crate) fn with_second_application(tenant: String) -> String {
    tenant.replace(
        "[[connectors]]",
        r#"[[applications]]
id = "other"
secret = "${OTHER_APP_SECRET}"
name = "Other"
type = "Traditional"
[applications.oidcClientMetadata]
redirectUris = ["http://localhost:4000/callback"]
postLogoutRedirectUris = ["http://localhost:4000/"]

[[connectors]]"#,
    )
}
