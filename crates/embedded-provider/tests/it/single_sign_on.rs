//! The provider's session: when a person must sign in again, and when not.

use crate::support::{
    Answer, Browser, PHONE, Request, World,
    relying_party::{SCOPES, decoded},
};
use serde_json::Value;

async fn signed_in(world: &World) -> (Browser, Value) {
    let mut browser = world.browser();
    let answer = browser
        .sign_in(world, &Request::plain().address(), PHONE)
        .await;
    let claims = claims(world, &answer).await;
    (browser, claims)
}

async fn claims(world: &World, answer: &Answer) -> Value {
    let code = &answer.authorization_response()["code"];
    let tokens = world.relying_party().exchange(code).await.json();
    decoded(tokens["id_token"].as_str().unwrap(), 1)
}

fn error(answer: &Answer) -> Option<String> {
    answer.authorization_response().remove("error")
}

#[tokio::test]
async fn a_live_session_goes_straight_to_the_client_as_the_same_person_and_sid() {
    let world = World::new().await;
    let (mut browser, first) = signed_in(&world).await;
    for request in [Request::plain(), Request::plain().with("prompt", "none")] {
        let answer = browser.get(&request.address()).await;
        assert!(
            answer
                .location()
                .starts_with("http://localhost:3000/callback?code=")
        );
        assert!(answer.cookies()[0].starts_with("_session; path=/; "));
        let again = claims(&world, &answer).await;
        assert_eq!(
            (&again["sub"], &again["sid"]),
            (&first["sub"], &first["sid"])
        );
        assert_eq!(again.get("auth_time"), None);
    }
}

#[tokio::test]
async fn consent_is_a_hop_and_more_scopes_need_it() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;

    let more = Request::plain().with("scope", &format!("{SCOPES} address"));
    let silent = browser
        .get(&more.clone().with("prompt", "none").address())
        .await;
    let response = silent.authorization_response();
    assert_eq!(
        (
            response["error"].as_str(),
            response["error_description"].as_str()
        ),
        ("consent_required", "requested scopes not granted")
    );
    for request in [more.clone(), Request::new()] {
        let hop = browser.get(&request.address()).await;
        assert_eq!(hop.location(), "/consent?app_id=bookstore");
        assert_eq!(error(&browser.follow(hop.location()).await), None);
    }
    let silent = browser.get(&more.with("prompt", "none").address()).await;
    assert_eq!(error(&silent), None);
}

#[tokio::test]
async fn the_client_may_ask_for_a_fresh_sign_in() {
    let world = World::new().await;
    let cases = [
        (Request::plain().with("prompt", "login"), true),
        (Request::plain().with("max_age", "0"), true),
        (Request::plain().with("max_age", "99"), true),
        (Request::plain().with("max_age", "100"), false),
        (Request::plain().with("max_age", "10000"), false),
    ];
    for (request, asked) in cases {
        let (mut browser, first) = signed_in(&world).await;
        let signed_in_at = world.clock.unix();
        world.advance(100);
        let answer = if asked {
            let page = browser.get(&request.address()).await;
            assert_eq!(
                page.location(),
                "/sign-in?app_id=bookstore",
                "{}",
                request.query()
            );
            let resume = browser.prove_phone(&world, PHONE).await;
            browser.follow(&resume).await
        } else {
            browser.get(&request.address()).await
        };
        let again = claims(&world, &answer).await;
        assert_eq!(
            (&again["sub"], &again["sid"]),
            (&first["sub"], &first["sid"])
        );
        let auth_time = signed_in_at + if asked { 100 } else { 0 };
        assert_eq!(again["auth_time"], auth_time, "{}", request.query());
    }
}

#[tokio::test]
async fn prompt_none_never_asks() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    world.advance(100);
    let silent = Request::plain().with("prompt", "none");
    let stale = browser
        .get(&silent.clone().with("max_age", "10").address())
        .await;
    assert_eq!(error(&stale).as_deref(), Some("login_required"));
    let stranger = world.browser().get(&silent.address()).await;
    assert_eq!(error(&stranger).as_deref(), Some("login_required"));
}

#[tokio::test]
async fn another_person_in_the_same_browser_gets_a_session_of_their_own() {
    let world = World::new().await;
    let (mut browser, first) = signed_in(&world).await;
    let request = Request::plain().with("prompt", "login").address();
    let answer = browser.sign_in(&world, &request, "819012345678").await;
    let second = claims(&world, &answer).await;
    assert_ne!(first["sub"], second["sub"]);
    assert_ne!(first["sid"], second["sid"]);
}

#[tokio::test]
async fn a_hint_names_the_person_who_must_be_signed_in() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    let mut other = world.browser();
    let answer = other
        .sign_in(&world, &Request::plain().address(), "819012345678")
        .await;
    let code = &answer.authorization_response()["code"];
    let tokens = world.relying_party().exchange(code).await.json();
    let hint = tokens["id_token"].as_str().unwrap();

    let request = Request::plain().with("id_token_hint", hint);
    let silent = request.clone().with("prompt", "none").address();
    assert_eq!(error(&other.get(&silent).await), None);
    assert_eq!(
        error(&browser.get(&silent).await).as_deref(),
        Some("login_required")
    );
    // Another person does not get in by signing in again.
    let answer = browser.sign_in(&world, &request.address(), PHONE).await;
    assert_eq!(error(&answer).as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_session_lives_for_two_weeks_after_its_last_use() {
    const DAY: i64 = 24 * 60 * 60;
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    let silent = Request::plain().with("prompt", "none").address();
    for _ in 0..2 {
        world.advance(14 * DAY - 1);
        assert_eq!(error(&browser.get(&silent).await), None);
    }
    world.advance(14 * DAY);
    assert_eq!(
        error(&browser.get(&silent).await).as_deref(),
        Some("login_required")
    );
}

#[tokio::test]
async fn consent_belongs_to_the_browser_and_session_that_began_it() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    assert_eq!(
        world
            .browser()
            .get("/consent?app_id=bookstore")
            .await
            .status,
        400
    );
    // Nothing is waiting for consent.
    assert_eq!(browser.get("/consent?app_id=bookstore").await.status, 400);
    browser.get(&Request::new().address()).await;
    browser.cookies.retain(|(name, _), _| name != "_session");
    assert_eq!(browser.get("/consent?app_id=bookstore").await.status, 400);
}

#[tokio::test]
async fn q18_tabs_of_one_session_each_get_their_own_response() {
    let world = World::new().await;
    let tabs = ["one", "two", "three"];
    let begin = async |browser: &mut Browser| {
        let mut hops = Vec::new();
        for tab in tabs {
            let request = Request::new().with("state", tab).address();
            hops.push(browser.get(&request).await.location().to_owned());
        }
        hops
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let (mut browser, _) = signed_in(&world).await;
        let hops = begin(&mut browser).await;
        for tab in order {
            let answer = browser.follow(&hops[tab]).await;
            let response = answer.authorization_response();
            assert_eq!(response["state"], tabs[tab], "{order:?}");
            assert!(response.contains_key("code"));
        }
    }
    // One step of each tab at a time.
    let (mut browser, _) = signed_in(&world).await;
    let mut hops = begin(&mut browser).await;
    for hop in &mut hops {
        *hop = browser.get(hop).await.location().to_owned();
    }
    for (hop, tab) in hops.iter().zip(tabs) {
        let response = browser.get(hop).await.authorization_response();
        assert_eq!(response["state"], tab);
    }
}

#[tokio::test]
async fn q18_a_tab_that_was_closed_on_its_way_disturbs_no_other() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    browser
        .get(&Request::new().with("state", "closed").address())
        .await;
    for state in ["next", "last"] {
        let request = Request::new().with("state", state).address();
        let response = browser.follow(&request).await.authorization_response();
        assert_eq!(response["state"], state);
    }
}

#[tokio::test]
async fn q18_a_tab_on_the_sign_in_page_goes_on_while_another_gets_in() {
    let world = World::new().await;
    let (mut browser, _) = signed_in(&world).await;
    let page = Request::plain().with("prompt", "login").address();
    assert_eq!(browser.follow(&page).await.status, 200);
    let answer = browser.follow(&Request::new().address()).await;
    assert!(answer.authorization_response().contains_key("code"));
    let resume = browser.prove_phone(&world, PHONE).await;
    let answer = browser.follow(&resume).await;
    assert!(answer.authorization_response().contains_key("code"));
}
