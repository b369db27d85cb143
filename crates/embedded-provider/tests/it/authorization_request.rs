//! Authorization requests: every response as recorded from Logto.

use crate::support::{Request, World};
use serde_json::{Value, json};

/// The expected response.
#[derive(Clone)]
enum Expected {
    /// One of our pages.
    Page(&'static str),
    /// The callback with an error in the query: error, description.
    Query(&'static str, &'static str),
    /// The same in the fragment.
    Fragment(&'static str, &'static str),
}
use Expected::{Fragment, Page, Query};

/// A request and the expected response.
type Case = (&'static str, Request, Expected);

#[tokio::test]
async fn each_request_gets_its_recorded_answer() {
    let world = World::new().await;
    for (name, request, expected) in [to_a_page(), wrong_parameters(), wrong_wishes()].concat() {
        let answer = world.browser().get(&request.address()).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text);
        let location = match expected {
            Page(location) => location.to_owned(),
            Query(error, description) => callback('?', error, description, &world),
            Fragment(error, description) => callback('#', error, description, &world),
        };
        assert_eq!(answer.location(), location, "{name}");
    }
}

/// Requests that are accepted.
fn to_a_page() -> Vec<Case> {
    let new = Request::plain;
    vec![
        ("plain", new(), Page("/sign-in?app_id=bookstore")),
        (
            "no state, no nonce",
            new().without("state").without("nonce"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "no PKCE",
            new()
                .without("code_challenge")
                .without("code_challenge_method"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "an unknown parameter",
            new().with("extra", "foobar"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "claims",
            new().with("claims", "{\"userinfo\":{}}"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "max_age",
            new().with("max_age", "0"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "form_post",
            new().with("response_mode", "form_post"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "no scope, no nonce",
            new().without("scope").without("nonce"),
            Page("/sign-in?app_id=bookstore"),
        ),
        (
            "register",
            new().with("first_screen", "register"),
            Page("/register?app_id=bookstore"),
        ),
        (
            "by identifier",
            new()
                .with("first_screen", "identifier:sign_in")
                .with("identifier", "phone"),
            Page("/identifier-sign-in?app_id=bookstore&identifier=phone"),
        ),
        (
            "login_hint",
            new().with("login_hint", "8613800138000"),
            Page("/sign-in?app_id=bookstore&login_hint=8613800138000"),
        ),
        (
            "ui_locales",
            new().with("ui_locales", "zh-CN"),
            Page("/sign-in?app_id=bookstore&ui_locales=zh-CN"),
        ),
    ]
}

/// PKCE, scopes and response types.
fn wrong_parameters() -> Vec<Case> {
    let new = Request::plain;
    let long = "a".repeat(129);
    vec![
        (
            "PKCE plain",
            new().with("code_challenge_method", "plain"),
            Query(
                "invalid_request",
                "not supported value of code_challenge_method",
            ),
        ),
        (
            "challenge without method",
            new().without("code_challenge_method"),
            Query("invalid_request", "code_challenge_method must be provided"),
        ),
        (
            "a challenge that is too long",
            new().with("code_challenge", &long),
            Query(
                "invalid_request",
                "code_challenge must be a string with a maximum length of 128 characters",
            ),
        ),
        (
            "no scope",
            new().without("scope"),
            Query(
                "invalid_request",
                "openid scope must be requested when using the nonce parameter",
            ),
        ),
        (
            "scope without openid",
            new().with("scope", "profile"),
            Query(
                "invalid_request",
                "openid scope must be requested when using the nonce parameter",
            ),
        ),
        (
            "response_type=token",
            new().with("response_type", "token"),
            Fragment(
                "unsupported_response_type",
                "unsupported response_type requested",
            ),
        ),
        (
            "response_type=id_token",
            new().with("response_type", "id_token"),
            Fragment(
                "invalid_request",
                "requested response_type is not allowed for this client",
            ),
        ),
        (
            "response_type=code id_token",
            new().with("response_type", "code id_token"),
            Fragment(
                "invalid_request",
                "requested response_type is not allowed for this client",
            ),
        ),
        (
            "response_type=none",
            new().with("response_type", "none"),
            Query(
                "invalid_request",
                "requested response_type is not allowed for this client",
            ),
        ),
        (
            "no response_type",
            new().without("response_type"),
            Query(
                "invalid_request",
                "missing required parameter 'response_type'",
            ),
        ),
    ]
}

/// Response modes, prompts and what is not supported.
fn wrong_wishes() -> Vec<Case> {
    let new = Request::plain;
    vec![
        (
            "fragment",
            new()
                .with("response_mode", "fragment")
                .with("prompt", "none"),
            Fragment("login_required", "End-User authentication is required"),
        ),
        (
            "an unknown response_mode",
            new().with("response_mode", "web_message"),
            Query(
                "unsupported_response_mode",
                "unsupported response_mode requested",
            ),
        ),
        (
            "prompt=none",
            new().with("prompt", "none"),
            Query("login_required", "End-User authentication is required"),
        ),
        (
            "prompt=select_account",
            new().with("prompt", "select_account"),
            Query("invalid_request", "unsupported prompt value requested"),
        ),
        (
            "prompt=none login",
            new().with("prompt", "none login"),
            Query("invalid_request", "prompt none must only be used alone"),
        ),
        (
            "max_age=-1",
            new().with("max_age", "-1"),
            Query("invalid_request", "invalid max_age parameter value"),
        ),
        (
            "max_age=abc",
            new().with("max_age", "abc"),
            Query("invalid_request", "invalid max_age parameter value"),
        ),
        (
            "max_age=2^53",
            new().with("max_age", "9007199254740992"),
            Query("invalid_request", "invalid max_age parameter value"),
        ),
        (
            "an unknown resource",
            new().with("resource", "https://api.bookstore.test"),
            Query(
                "invalid_target",
                "resource indicator is missing, or unknown",
            ),
        ),
        (
            "a request object",
            new().with("request", "e30.e30."),
            Query("request_not_supported", ""),
        ),
        (
            "q53: a registration",
            new().with("registration", "{}"),
            Query("registration_not_supported", ""),
        ),
        (
            "a request_uri",
            new().with("request_uri", "http://127.0.0.1:1/"),
            Query("request_uri_not_supported", ""),
        ),
        (
            "nonce twice",
            new().and("nonce", "another"),
            Query(
                "invalid_request",
                "'nonce' parameter must not be provided twice",
            ),
        ),
        (
            "a foreign id_token_hint",
            new().with("id_token_hint", "e30.e30.e30"),
            Query("invalid_request", "could not validate id_token_hint"),
        ),
    ]
}

fn callback(separator: char, error: &str, description: &str, world: &World) -> String {
    let mut fields = vec![("error", error)];
    if !description.is_empty() {
        fields.push(("error_description", description));
    }
    fields.extend([("state", "the state"), ("iss", &world.issuer)]);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!("http://localhost:3000/callback{separator}{query}")
}

#[tokio::test]
async fn a_redirect_uri_matches_character_by_character_or_nobody_is_redirected() {
    let world = World::new().await;
    for wrong in [
        "http://localhost:3000/callback/",
        "http://localhost:3000/Callback",
        "http://localhost:3000/callback?x=1",
        "http://localhost:3000/callback#x",
        "http://localhost:3000/callback/../evil",
        "http://localhost:3000/%2e%2e/callback",
        "http://localhost:3000//callback",
        "http://localhost:3000/callback%00",
        "http://localhost:3002/callback",
        "http://localhost/callback",
        "https://localhost:3000/callback",
        "HTTP://localhost:3000/callback",
        "http://LOCALHOST:3000/callback",
        "http://localhost.:3000/callback",
        "http://127.0.0.1:3000/callback",
        "http://user@localhost:3000/callback",
        "http://localhost:3000@evil.example/callback",
        "http://localhost:3000\\@evil.example/callback",
        "http:\\\\localhost:3000\\callback",
        "//localhost:3000/callback",
        "/callback",
        "javascript:alert(1)",
        "https://evil.example/",
        " http://localhost:3000/callback",
        "http://localhost:3000/callback ",
    ] {
        let answer = world
            .browser()
            .get(&Request::new().with("redirect_uri", wrong).address())
            .await;
        assert_eq!(answer.location(), "", "{wrong}");
        assert_eq!(
            answer.outcome(),
            (
                400,
                json!({
                    "code": "oidc.invalid_redirect_uri",
                    "message": "`redirect_uri` did not match any of the client's registered `redirect_uris`.",
                    "error": "invalid_redirect_uri",
                    "error_description":
                        "redirect_uri did not match any of the client's registered redirect_uris",
                    "state": "the state",
                    "iss": world.issuer,
                })
            ),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn without_a_client_and_its_redirect_uri_the_error_is_shown() {
    let world = World::new().await;
    let invalid_request = |description: &str| {
        json!({
            "code": "oidc.invalid_request", "message": "Request is invalid.", "error": "invalid_request",
            "error_description": description, "state": "the state", "iss": world.issuer,
        })
    };
    let cases: [(Request, Value); 5] = [
        (
            Request::new().with("client_id", "nope"),
            json!({
                "code": "oidc.invalid_client",
                "message": "An OIDC error occurred: oidc.invalid_client.",
                "error": "invalid_client",
                "error_description": "invalid client nope",
                "state": "the state",
                "iss": world.issuer,
            }),
        ),
        (
            Request::new().without("client_id"),
            invalid_request("missing required parameter 'client_id'"),
        ),
        (
            Request::new().without("redirect_uri"),
            invalid_request("missing required parameter 'redirect_uri'"),
        ),
        (
            Request::new().with("redirect_uri", ""),
            invalid_request("missing required parameter 'redirect_uri'"),
        ),
        (
            Request::new().and("redirect_uri", "https://evil.example/"),
            invalid_request("'redirect_uri' parameter must not be provided twice"),
        ),
    ];
    for (request, body) in cases {
        let answer = world.browser().get(&request.address()).await;
        assert_eq!((answer.location(), answer.outcome()), ("", (400, body)));
    }
}

#[tokio::test]
async fn a_request_may_come_as_a_form() {
    let world = World::new().await;
    let mut browser = world.browser();
    let answer = browser
        .post_form("/oidc/auth", &Request::new().fields())
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/sign-in?app_id=bookstore")
    );
    let wrong = browser.post("/oidc/auth", json!({})).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn a_response_may_go_as_a_form_to_the_client_only() {
    let world = World::new().await;
    let request = Request::new().with("response_mode", "form_post").address();
    let answer = world
        .browser()
        .sign_in(&world, &request, crate::support::PHONE)
        .await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .text
            .contains(r#"<form method="post" action="http://localhost:3000/callback""#)
    );
    for field in ["code", "state", "iss"] {
        assert!(
            answer
                .text
                .contains(&format!(r#"<input type="hidden" name="{field}" value=""#))
        );
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http://localhost:3000;"),
        "{policy}"
    );
}

#[tokio::test]
async fn a_long_state_comes_back_as_it_was() {
    let world = World::new().await;
    let state = "ä&=#?+ %".repeat(200);
    let request = Request::new().with("state", &state).with("prompt", "none");
    let answer = world.browser().get(&request.address()).await;
    assert_eq!(answer.authorization_response()["state"], state);
}
