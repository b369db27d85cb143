//! Introspection (RFC 7662), and which tokens it and revocation take, as recorded from Logto.

use crate::support::{Answer, PHONE, Request, World};
use serde_json::{Value, json};

async fn signed_in(world: &World, request: &Request) -> Value {
    let mut browser = world.browser();
    let answer = browser.sign_in(world, &request.address(), PHONE).await;
    let code = &answer.authorization_response()["code"];
    world.relying_party().exchange(code).await.json()
}

async fn introspect(world: &World, token: &str) -> Answer {
    let form = [("token", token), ("token_type_hint", "access_token")];
    world
        .relying_party()
        .post("/token/introspection", &form)
        .await
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

#[tokio::test]
async fn q56_a_live_token_is_described() {
    let world = World::new().await;
    let tokens = signed_in(&world, &Request::new()).await;
    let claims = crate::support::relying_party::decoded(text(&tokens, "id_token"), 1);
    let now = world.clock.unix();
    world.advance(60);
    let mut expected = json!({
        "active": true, "sub": claims["sub"], "client_id": "bookstore", "exp": now + 3600, "iat": now,
        "sid": claims["sid"], "iss": world.issuer, "scope": tokens["scope"], "token_type": "Bearer",
    });
    let access = introspect(&world, text(&tokens, "access_token")).await;
    assert_eq!(access.outcome(), (200, expected.clone()));
    assert_eq!(access.header("cache-control"), "no-store");

    expected["exp"] = (now + 14 * 24 * 60 * 60).into();
    expected.as_object_mut().unwrap().remove("token_type");
    let refresh = introspect(&world, text(&tokens, "refresh_token")).await;
    assert_eq!(refresh.outcome(), (200, expected));
}

#[tokio::test]
async fn q56_a_token_that_is_dead_or_unknown_is_not_active() {
    let world = World::new().await;
    let inactive = || (200, json!({"active": false}));
    let relying_party = world.relying_party();
    for garbage in ["garbage", "a.b.c", "..", &"x".repeat(43)] {
        assert_eq!(introspect(&world, garbage).await.outcome(), inactive());
    }
    let tokens = signed_in(&world, &Request::new()).await;
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    world.advance(3600);
    assert_eq!(introspect(&world, access).await.outcome(), inactive());
    assert_eq!(introspect(&world, refresh).await.json()["active"], true);

    // A refresh token that was replaced works for a few seconds, but is not the one to keep.
    world.advance(10 * 24 * 60 * 60);
    let rotated = relying_party.refresh(refresh).await.json();
    assert_eq!(introspect(&world, refresh).await.outcome(), inactive());
    let newest = text(&rotated, "refresh_token");
    assert_eq!(introspect(&world, newest).await.json()["active"], true);

    relying_party
        .post("/token/revocation", &[("token", newest)])
        .await;
    for revoked in [newest, text(&rotated, "access_token")] {
        assert_eq!(introspect(&world, revoked).await.outcome(), inactive());
    }
}

#[tokio::test]
async fn q56_a_json_web_token_is_neither_introspected_nor_revoked() {
    let world = World::new().await;
    let tokens = signed_in(&world, &Request::new()).await;
    for (path, verb, endpoint) in [
        ("/token/introspection", "introspected", "introspection"),
        ("/token/revocation", "revoked", "revocation"),
    ] {
        let form = [("token", text(&tokens, "id_token"))];
        let answer = world.relying_party().post(path, &form).await;
        let description =
            format!("Structured JWT Tokens cannot be {verb} via the {endpoint}_endpoint");
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["error_description"]),
            (400, &json!("unsupported_token_type"), &json!(description))
        );
    }
}

#[tokio::test]
async fn q56_only_a_client_may_ask_and_it_must_name_a_token() {
    let world = World::new().await;
    let tokens = signed_in(&world, &Request::new()).await;
    let form = [("token", text(&tokens, "access_token"))];
    let relying_party = world.relying_party();
    let request = relying_party.unauthenticated("/token/introspection", &form);
    let stranger = Answer::of(request.send().await.unwrap()).await;
    let nothing = relying_party.post("/token/introspection", &[]).await;
    for (answer, description) in [
        (stranger, "no client authentication mechanism provided"),
        (nothing, "missing required parameter 'token'"),
    ] {
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["error_description"]),
            (400, &json!("invalid_request"), &json!(description))
        );
    }
}
