//! Userinfo: which token sees which claims, and the refusals.

use crate::support::{Answer, PHONE, Request, World};
use reqwest::Method;
use serde_json::{Value, json};

async fn access_token(world: &World, request: &Request) -> String {
    let mut browser = world.browser();
    let answer = browser.sign_in(world, &request.address(), PHONE).await;
    let code = &answer.authorization_response()["code"];
    let tokens = world.relying_party().exchange(code).await.json();
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn ask(world: &World, method: Method, header: Option<&str>, form: &[(&str, &str)]) -> Answer {
    let mut browser = world.browser();
    let mut request = browser.request(method, "/oidc/me");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    if !form.is_empty() {
        request = request.form(form);
    }
    browser.send(request).await
}

#[tokio::test]
async fn p053_a_number_is_digits_and_its_proof_a_boolean() {
    let world = World::new().await;
    let bearer = format!("Bearer {}", access_token(&world, &Request::new()).await);
    let claims = ask(&world, Method::GET, Some(&bearer), &[]).await.json();
    assert_eq!(claims["phone_number"], PHONE);
    assert_eq!(claims["phone_number_verified"], true);
}

#[tokio::test]
async fn the_token_may_come_by_get_by_post_and_in_a_form() {
    let world = World::new().await;
    let token = access_token(&world, &Request::new()).await;
    let bearer = format!("Bearer {token}");
    let first = ask(&world, Method::GET, Some(&bearer), &[]).await;
    assert_eq!(first.status, 200);
    let second = ask(&world, Method::POST, Some(&bearer), &[]).await;
    let third = ask(&world, Method::POST, None, &[("access_token", &token)]).await;
    assert_eq!((second.json(), third.json()), (first.json(), first.json()));
    let both = ask(
        &world,
        Method::POST,
        Some(&bearer),
        &[("access_token", &token)],
    )
    .await;
    assert_eq!(both.status, 400);
}

#[tokio::test]
async fn only_claims_of_granted_scopes_are_shown() {
    let world = World::new().await;
    let token = access_token(&world, &Request::plain().with("scope", "openid email")).await;
    let claims = world.relying_party().userinfo(&token).await.json();
    let sub = claims["sub"].clone();
    assert_eq!(
        claims,
        json!({"sub": sub, "email": null, "email_verified": false})
    );
}

#[tokio::test]
async fn a_refusal_says_how_to_authenticate() {
    let world = World::new().await;
    let refusal = |description: &str| -> (u16, Value) {
        (
            401,
            json!({
                "code": "oidc.invalid_token", "message": "Invalid token provided.",
                "error": "invalid_token", "error_description": description,
            }),
        )
    };
    let realm = format!("Bearer realm=\"{}\"", world.issuer);

    let none = ask(&world, Method::GET, None, &[]).await;
    assert_eq!(none.outcome(), refusal("no access token provided"));
    assert_eq!(none.header("www-authenticate"), realm);

    let garbage = ask(&world, Method::GET, Some("Bearer garbage"), &[]).await;
    assert_eq!(garbage.outcome(), refusal("invalid token provided"));
    assert_eq!(
        garbage.header("www-authenticate"),
        format!("{realm}, error=\"invalid_token\", error_description=\"invalid token provided\"")
    );
    assert_eq!(garbage.header("cache-control"), "no-store");

    let malformed = ask(&world, Method::GET, Some("garbage"), &[]).await;
    assert_eq!(
        (malformed.status, &malformed.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn an_access_token_lives_for_an_hour() {
    let world = World::new().await;
    let token = access_token(&world, &Request::new()).await;
    world.advance(3599);
    assert_eq!(world.relying_party().userinfo(&token).await.status, 200);
    world.advance(1);
    assert_eq!(world.relying_party().userinfo(&token).await.status, 401);
}
