//! Pushed authorization requests (RFC 9126): as in Logto, with every refusal.

use crate::support::{
    Answer, PHONE, Request, World,
    relying_party::{CLIENT_ID, basic},
    world::SECRET,
};
use reqwest::header::AUTHORIZATION;
use serde_json::json;

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

async fn push(world: &World, request: &Request) -> Answer {
    world
        .relying_party()
        .post("/request", &request.fields())
        .await
}

async fn reference(world: &World) -> String {
    let answer = push(world, &Request::new()).await;
    answer.json()["request_uri"].as_str().unwrap().to_owned()
}

fn by_reference(client_id: &str, request_uri: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("request_uri", request_uri)
        .finish();
    format!("/oidc/auth?{query}")
}

#[tokio::test]
async fn a_whole_sign_in_begins_with_a_reference() {
    let world = World::new().await;
    let pushed = push(&world, &Request::new()).await;
    assert_eq!(pushed.status, 201);
    let body = pushed.json();
    let request_uri = body["request_uri"].as_str().unwrap();
    assert_eq!(
        (body["expires_in"].as_i64(), body.as_object().unwrap().len()),
        (Some(60), 2)
    );
    assert_eq!(request_uri.strip_prefix(PREFIX).unwrap().len(), 43);

    // Parameters beside the reference are ignored.
    let address = format!(
        "{}&state=another&redirect_uri=https%3A%2F%2Fevil.example",
        by_reference(CLIENT_ID, request_uri)
    );
    let back = world.browser().sign_in(&world, &address, PHONE).await;
    assert!(
        back.location()
            .starts_with("http://localhost:3000/callback?")
    );
    let response = back.authorization_response();
    assert_eq!(response["state"], "the state");
    let tokens = world.relying_party().exchange(&response["code"]).await;
    assert_eq!(tokens.status, 200);
}

#[tokio::test]
async fn a_reference_works_once_within_a_minute_for_its_client() {
    let world = World::new().await;
    let refused = json!({
        "code": "oidc.invalid_request_uri",
        "message": "An OIDC error occurred: oidc.invalid_request_uri.",
        "error": "invalid_request_uri",
        "error_description": "request_uri is invalid, expired or used",
        "iss": world.issuer,
    });
    let used = reference(&world).await;
    let first = world.browser().get(&by_reference(CLIENT_ID, &used)).await;
    assert_eq!(first.location(), "/sign-in?app_id=bookstore");
    let expired = reference(&world).await;
    world.advance(60);
    let fresh = reference(&world).await;

    for (name, client_id, request_uri) in [
        ("used", CLIENT_ID, &*used),
        ("expired", CLIENT_ID, &expired),
        ("another client's", "nobody", &fresh),
        ("unknown", CLIENT_ID, &format!("{PREFIX}{}", "x".repeat(43))),
        ("empty", CLIENT_ID, PREFIX),
    ] {
        let answer = world
            .browser()
            .get(&by_reference(client_id, request_uri))
            .await;
        assert_eq!(answer.outcome(), (400, refused.clone()), "{name}");
        assert_eq!(answer.location(), "", "{name}");
    }
    world.advance(59);
    let last = world.browser().get(&by_reference(CLIENT_ID, &fresh)).await;
    assert_eq!(
        last.location(),
        "/sign-in?app_id=bookstore",
        "nobody took it"
    );
}

#[tokio::test]
async fn a_wrong_request_is_refused_when_it_is_pushed() {
    let world = World::new().await;
    let new = Request::new;
    for (request, error) in [
        (
            new().with("redirect_uri", "https://evil.example"),
            "invalid_redirect_uri",
        ),
        (
            new().with("response_type", "token"),
            "unsupported_response_type",
        ),
        (new().with("prompt", "none login"), "invalid_request"),
        (
            new().with("code_challenge_method", "plain"),
            "invalid_request",
        ),
        (new().with("request", "e30.e30."), "request_not_supported"),
        (
            new().with("request_uri", &format!("{PREFIX}x")),
            "request_uri_not_supported",
        ),
        (new().and("state", "another"), "invalid_request"),
    ] {
        let answer = push(&world, &request).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (400, Some(error)),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn only_the_client_itself_pushes() {
    let world = World::new().await;
    let request = Request::new();
    for (name, header, more) in [
        ("nothing", None, &[][..]),
        ("a wrong secret", Some(basic(CLIENT_ID, "wrong")), &[]),
        (
            "a wrong secret in the form",
            None,
            &[("client_secret", "wrong")],
        ),
    ] {
        let form = [&request.fields()[..], more].concat();
        let mut pushed = world.relying_party().unauthenticated("/request", &form);
        if let Some(header) = header {
            pushed = pushed.header(AUTHORIZATION, header);
        }
        let answer = Answer::of(pushed.send().await.unwrap()).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (401, Some("invalid_client")),
            "{name}"
        );
        assert!(
            answer.header("www-authenticate").starts_with("Basic "),
            "{name}"
        );
    }
    let form = [&request.fields()[..], &[("client_secret", SECRET)]].concat();
    let posted = world.relying_party().unauthenticated("/request", &form);
    assert_eq!(posted.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn q53_a_pushed_registration_is_refused_too() {
    let world = World::new().await;
    let request = Request::new().with("registration", "{}");
    let answer = world
        .relying_party()
        .post("/request", &request.fields())
        .await;
    assert_eq!(
        (answer.status, answer.json()["error"].as_str()),
        (400, Some("registration_not_supported"))
    );
}
