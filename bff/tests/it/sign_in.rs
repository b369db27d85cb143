//! A person signs in.

use crate::support::{TestApp, TestBrowser};
use reqwest::{Method, StatusCode};
use shared::AuthStatus;
use std::collections::HashMap;
use url::Url;

const PHONE: &str = "8613900000000";

#[tokio::test]
async fn a_new_number_registers_itself_and_comes_back_to_where_it_was() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    assert_eq!(browser.status().await, AuthStatus::SignedOut);

    let landed = browser.sign_in(&app, PHONE, "/books?shelf=3#top").await;
    assert_eq!(
        (landed.status, landed.url.as_str()),
        (
            StatusCode::OK,
            &*format!("{}/books?shelf=3#top", app.base_url())
        )
    );

    let AuthStatus::SignedIn { claims, session } = browser.status().await else {
        panic!("signed out")
    };
    assert_eq!(claims.phone_number.as_deref(), Some(PHONE));
    assert_eq!(
        claims.iss.as_deref(),
        Some(&*format!("{}/oidc", app.provider_url()))
    );
    assert_eq!(
        (session.expires_in, session.idle_expires_in),
        (1_209_600, 86_400)
    );
}

#[tokio::test]
async fn the_page_carries_the_status_so_that_no_request_is_needed() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let before = browser.visit("/").await;
    assert!(
        before
            .body
            .contains(r#"id="auth-status">{"isAuthenticated":false}</script>"#),
        "{}",
        before.body
    );
    browser.sign_in(&app, PHONE, "/").await;
    let after = browser.visit("/").await;
    assert!(
        after
            .body
            .contains(r#"id="auth-status">{"isAuthenticated":true,"claims":{"#),
        "{}",
        after.body
    );
}

#[tokio::test]
async fn the_same_number_is_the_same_person() {
    let app = TestApp::start().await;
    let (mut first, mut second, mut other) = (app.browser(), app.browser(), app.browser());
    first.sign_in(&app, PHONE, "/").await;
    second.sign_in(&app, PHONE, "/").await;
    other.sign_in(&app, "8613900000001", "/").await;
    let sub = first.sub().await.unwrap();
    assert_eq!(second.sub().await.unwrap(), sub);
    assert_ne!(other.sub().await.unwrap(), sub);
}

#[tokio::test]
async fn b001_b002_the_authorization_request_is_fresh_and_complete() {
    let app = TestApp::start().await;
    let request = |answer: &str| -> HashMap<String, String> {
        Url::parse(answer)
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect()
    };
    let first = request(
        app.browser()
            .visit("/sign-in?uiLocales=ja&firstScreen=register&loginHint=8613900000000")
            .await
            .location(),
    );
    let second = request(app.browser().visit("/sign-in").await.location());

    for fresh in ["state", "nonce", "code_challenge"] {
        assert_ne!(first[fresh], second[fresh], "{fresh}");
        assert!(first[fresh].len() >= 22, "{fresh}: 128 bits in base64url");
    }
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "bookstore"),
        ("redirect_uri", &*format!("{}/callback", app.base_url())),
        ("code_challenge_method", "S256"),
        ("scope", "openid offline_access profile phone email"),
        ("prompt", "consent"),
        ("ui_locales", "ja"),
        ("first_screen", "register"),
        ("login_hint", PHONE),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(first.len(), 12, "nothing else: {first:?}");
}

#[tokio::test]
async fn b003_nothing_of_the_query_reaches_the_provider_but_options() {
    let app = TestApp::start().await;
    for query in [
        "scope=admin",
        "redirect_uri=https://evil.example",
        "client_id=x",
        "state=abc",
        "prompt=x",
        "response_type=token",
    ] {
        let answer = app.browser().visit(&format!("/sign-in?{query}")).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::BAD_REQUEST, ""),
            "{query}"
        );
        assert!(
            answer.body.contains(r#""code":"invalid_request""#),
            "{query}: the page says so"
        );
    }
    let program = app
        .browser()
        .send(Method::GET, "/sign-in?scope=admin", &[], "")
        .await;
    assert_eq!(program.header("content-type"), "application/problem+json");
    assert_eq!(program.json()["code"], "invalid_request");
}

#[tokio::test]
async fn only_a_visit_begins_a_sign_in() {
    let app = TestApp::start().await;
    for headers in [
        [("sec-fetch-mode", "cors"), ("accept", "*/*")],
        [("sec-purpose", "prefetch"), ("accept", "*/*")],
        [("sec-fetch-dest", "iframe"), ("accept", "*/*")],
    ] {
        let mut browser = app.browser();
        let answer = browser.send(Method::GET, "/sign-in", &headers, "").await;
        assert_eq!(
            (answer.status, browser.cookies.len()),
            (StatusCode::FORBIDDEN, 0),
            "{headers:?}"
        );
        assert_eq!(answer.json()["code"], "not_a_navigation");
    }
}

#[tokio::test]
async fn b009_the_pending_sign_in_is_a_cookie_of_its_own_and_nothing_in_the_store() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let state = state_of(&browser.visit("/sign-in").await.location().parse().unwrap());
    let [cookie] = &*browser.cookies else {
        panic!("{:?}", browser.cookies)
    };
    assert_eq!(cookie.name, format!("sign-in.{state}"));
    assert!(
        cookie
            .header
            .ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"),
        "{}",
        cookie.header
    );
    assert_eq!(app.stored_sessions().await, 0);
}

fn state_of(url: &Url) -> String {
    url.query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned()
}

#[tokio::test]
async fn b031_two_tabs_sign_in_at_once_each_to_its_own_place() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let tab_a = browser
        .visit("/sign-in?returnTo=/a")
        .await
        .location()
        .to_owned();
    let landed = browser.sign_in(&app, PHONE, "/b").await;
    assert!(landed.url.as_str().ends_with("/b"), "{}", landed.url);

    let landed = browser.go(&tab_a).await;
    assert!(landed.url.as_str().ends_with("/a"), "{}", landed.url);
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b037_b094_a_sign_in_ends_the_session_that_the_browser_brought() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let mut thief = browser.clone();
    browser.go("/sign-in").await;

    assert_ne!(browser.session_id(), thief.session_id());
    assert!(browser.sub().await.is_some());
    assert_eq!(thief.sub().await, None);
    assert_eq!(app.stored_sessions().await, 1);
}

#[tokio::test]
async fn b038_a_planted_session_id_is_not_the_one_that_is_signed_in() {
    let app = TestApp::start().await;
    let mut attacker: TestBrowser = app.browser();
    attacker.plant("session", "AAAAAAAAAAAAAAAAAAAAAA");
    let mut victim = attacker.clone();
    victim.sign_in(&app, PHONE, "/").await;
    assert!(victim.sub().await.is_some());
    assert_eq!(attacker.sub().await, None);
}

#[tokio::test]
async fn b078_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let cookie = browser
        .cookies
        .iter()
        .find(|cookie| cookie.name == "session")
        .unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.header.contains(attribute), "{}", cookie.header);
    }
    assert!(!cookie.header.contains("Domain"), "{}", cookie.header);
    assert_eq!(cookie.value.len(), 22);
}

#[tokio::test]
async fn b091_no_token_reaches_the_browser() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let landed = browser.sign_in(&app, PHONE, "/").await;
    let status = browser.fetch("/api/auth/status").await;
    for body in [&landed.body, &status.body] {
        for word in [
            "eyJ",
            "id_token",
            "access_token",
            "refresh_token",
            "nonce",
            "\"sid\"",
        ] {
            assert!(!body.contains(word), "{word}: {body}");
        }
    }
}
