//! Logout tokens and `sid`, as recorded from Logto: who receives one, when, and with which claims.

use crate::support::{
    Answer, Browser, PHONE, Request, World,
    relying_party::{REDIRECT_URI, VERIFIER, basic, decoded},
    world::SECRET,
};
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const OTHER: &str = "819012345678";

/// An application with these lines about logout.
fn application(id: &str, logout: &str) -> String {
    format!(
        r#"
[[applications]]
id = "{id}"
secret = "${{LOGTO_APP_SECRET}}"
name = "{id}"
type = "Traditional"
[applications.oidcClientMetadata]
redirectUris = ["{REDIRECT_URI}"]
postLogoutRedirectUris = []
{logout}
"#
    )
}

/// The bookstore, and applications with less.
async fn world() -> World {
    World::with_tenant(|tenant| {
        tenant
            + &application("without-sid", "backchannelLogoutUri = \"{applications}/without-sid\"")
            + &application(
                "broken",
                "backchannelLogoutUri = \"{applications}/broken\"\nbackchannelLogoutSessionRequired = true",
            )
            + &application("unreachable", "backchannelLogoutUri = \"http://127.0.0.1:1/\"")
            + &application("silent", "backchannelLogoutSessionRequired = true")
            + &application("plain", "")
    })
    .await
}

const ALL: [&str; 6] = [
    "bookstore",
    "without-sid",
    "broken",
    "unreachable",
    "silent",
    "plain",
];

/// Signs in at an application and returns the response of the token endpoint.
async fn sign_in(world: &World, browser: &mut Browser, client: &str, request: Request) -> Value {
    let request = request.with("client_id", client).address();
    let mut answer = browser.follow(&request).await;
    if answer.location().is_empty() {
        let resume = browser.prove_phone(world, PHONE).await;
        answer = browser.follow(&resume).await;
    }
    let code = &answer.authorization_response()["code"];
    post(
        world,
        client,
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", VERIFIER),
        ],
    )
    .await
    .json()
}

async fn post(world: &World, client: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let request = world
        .relying_party()
        .unauthenticated(path, form)
        .header(AUTHORIZATION, basic(client, SECRET));
    Answer::of(request.send().await.unwrap()).await
}

fn id_token(tokens: &Value) -> Value {
    decoded(tokens["id_token"].as_str().unwrap(), 1)
}

/// One browser that is signed in at every application, and the claims of its ID tokens.
async fn signed_in_everywhere(world: &World) -> (Browser, BTreeMap<&'static str, Value>) {
    let mut browser = world.browser();
    let mut tokens = BTreeMap::new();
    for client in ALL {
        tokens.insert(
            client,
            sign_in(world, &mut browser, client, Request::new()).await,
        );
    }
    (browser, tokens)
}

/// Asks for the sign-out of a client's session and answers.
async fn sign_out(browser: &mut Browser, hint: &Value, answer: &[(&str, &str)]) {
    let hint = hint.as_str().unwrap();
    let page = browser
        .get(&format!("/oidc/session/end?id_token_hint={hint}"))
        .await;
    let (_, rest) = page.text.split_once("name=\"xsrf\" value=\"").unwrap();
    let xsrf = rest.split('"').next().unwrap();
    let form = [&[("xsrf", xsrf)], answer].concat();
    let done = browser.post_form("/oidc/session/end/confirm", &form).await;
    assert_eq!(done.status, 303);
}

#[tokio::test]
async fn q55_sid_is_for_an_application_that_asks_for_it_and_receives_logout_tokens() {
    let world = world().await;
    let (_, tokens) = signed_in_everywhere(&world).await;
    let mut sids = Vec::new();
    for (client, tokens) in &tokens {
        let claims = id_token(tokens);
        let sid = claims.get("sid");
        let wanted = ["bookstore", "broken"].contains(client);
        assert_eq!(sid.is_some(), wanted, "{client}");
        sids.extend(sid.cloned());
        for kind in ["access_token", "refresh_token"] {
            let form = [("token", tokens[kind].as_str().unwrap())];
            let found = post(&world, client, "/token/introspection", &form).await;
            assert_eq!(found.json().get("sid"), sid, "{client} {kind}");
        }
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        let refreshed = post(&world, client, "/token", &form).await.json();
        assert_eq!(
            id_token(&refreshed).get("sid"),
            sid,
            "{client} after refresh"
        );
    }
    assert_ne!(sids[0], sids[1], "each application has its own");
}

#[tokio::test]
async fn q56_a_sign_out_reaches_every_application_of_the_session_once() {
    let world = world().await;
    let (mut browser, tokens) = signed_in_everywhere(&world).await;
    let (mut elsewhere, _) = signed_in_everywhere(&world).await;
    assert_eq!(world.take_logout_tokens(), BTreeMap::new());

    let hint = &tokens["bookstore"]["id_token"];
    sign_out(&mut browser, hint, &[("logout", "yes")]).await;
    let received = world.take_logout_tokens();
    let paths: Vec<&String> = received.keys().collect();
    assert_eq!(paths, ["/bookstore", "/broken", "/without-sid"]);
    let claims = id_token(&tokens["bookstore"]);
    let token = &received["/bookstore"];
    assert_eq!(token["jti"].as_str().unwrap().len(), 43);
    let now = world.clock.unix();
    assert_eq!(
        *token,
        json!({
            "sub": claims["sub"],
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            "jti": token["jti"],
            "sid": claims["sid"],
            "aud": "bookstore",
            "exp": now + 120,
            "iat": now,
            "iss": world.issuer,
        })
    );
    assert_eq!(received["/without-sid"].get("sid"), None);
    assert_eq!(
        received["/broken"]["sid"],
        id_token(&tokens["broken"])["sid"]
    );

    let silent = Request::plain().with("prompt", "none").address();
    let error = |answer: Answer| answer.authorization_response().remove("error");
    assert_eq!(
        error(browser.get(&silent).await).as_deref(),
        Some("login_required")
    );
    assert_eq!(error(elsewhere.get(&silent).await), None);
}

#[tokio::test]
async fn q56_a_person_who_stays_leaves_only_the_application_that_asked() {
    let world = world().await;
    let (mut browser, tokens) = signed_in_everywhere(&world).await;
    sign_out(&mut browser, &tokens["bookstore"]["id_token"], &[]).await;
    let received = world.take_logout_tokens();
    assert_eq!(received.keys().collect::<Vec<_>>(), ["/bookstore"]);
    sign_out(&mut browser, &tokens["plain"]["id_token"], &[]).await;
    assert_eq!(world.take_logout_tokens(), BTreeMap::new());
}

#[tokio::test]
async fn q56_another_person_in_the_browser_ends_the_sessions_of_the_first() {
    let world = world().await;
    let (mut browser, tokens) = signed_in_everywhere(&world).await;
    let request = Request::plain().with("prompt", "login").address();
    browser.sign_in(&world, &request, PHONE).await;
    assert_eq!(world.take_logout_tokens(), BTreeMap::new());
    browser.sign_in(&world, &request, OTHER).await;
    let received = world.take_logout_tokens();
    assert_eq!(received.len(), 3);
    let claims = id_token(&tokens["bookstore"]);
    assert_eq!(received["/bookstore"]["sid"], claims["sid"]);
    assert_eq!(received["/bookstore"]["sub"], claims["sub"]);
}
