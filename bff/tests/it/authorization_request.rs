//! What goes to the provider when a sign-in begins, and what is remembered here.

use crate::support::{Answer, TestApp, TestBrowser};
use reqwest::StatusCode;
use std::collections::HashMap;
use time::Duration;
use url::Url;

const PHONE: &str = "8613900000000";

/// The parameters of an authorization request, each of which stands there once.
fn parameters(answer: &Answer) -> HashMap<String, String> {
    let url: Url = answer.location().parse().unwrap();
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let parameters: HashMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(parameters.len(), pairs.len(), "b004: {pairs:?}");
    parameters
}

#[tokio::test]
async fn b001_b002_b004_it_is_fresh_and_complete() {
    let app = TestApp::start().await;
    let query = "uiLocales=ja&firstScreen=register&loginHint=8613900000000&returnTo=/x";
    let first = app.browser().visit(&format!("/sign-in?{query}")).await;
    let first = parameters(&first);
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
async fn b001_nothing_in_it_is_used_twice_or_made_of_the_session() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let id = browser.session_id().unwrap().to_owned();
    let mut seen = vec![id];
    for _ in 0..20 {
        let request = parameters(&browser.visit("/sign-in").await);
        for fresh in ["state", "nonce", "code_challenge"] {
            let value = &request[fresh];
            assert!(value.len() >= 22, "{fresh}: 128 bits in base64url");
            let shares =
                |other: &String| other.contains(&value[..8]) || value.contains(&other[..8]);
            assert!(!seen.iter().any(shares), "{fresh}");
            seen.push(value.clone());
        }
    }
}

#[tokio::test]
async fn b003_b004_nothing_of_the_query_reaches_the_provider_but_options() {
    let app = TestApp::start().await;
    let plain = parameters(&app.browser().visit("/sign-in").await);
    for query in [
        "scope=admin",
        "redirect_uri=https://evil.example",
        "client_id=x",
        "returnTo=/x&state=abc&nonce=abc",
        "code_challenge=x",
        "response_type=token",
        "max_age=1&acr_values=x&utm_source=letter",
    ] {
        let request = parameters(&app.browser().visit(&format!("/sign-in?{query}")).await);
        for (name, value) in &plain {
            let is_random = ["state", "nonce", "code_challenge"].contains(&&**name);
            assert!(
                request[name] == *value || is_random && request[name] != "abc",
                "{query}: {name}"
            );
        }
        assert_eq!(request.len(), plain.len(), "{query}");
    }
    for query in [
        "prompt=x",
        "scope=admin&redirect_uri=https://evil&client_id=x&response_type=token&prompt=select_account",
        "prompt=login&prompt=none",
    ] {
        let mut browser = app.browser();
        let answer = browser.visit(&format!("/sign-in?{query}")).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::BAD_REQUEST, ""),
            "{query}"
        );
        assert!(
            answer.body.contains(r#""code":"invalid_request""#),
            "{query}: the page says so"
        );
        assert!(browser.cookies.is_empty(), "{query}");
    }
    let program = app.browser().fetch("/sign-in?prompt=admin").await;
    assert_eq!(program.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn b008_many_that_are_begun_leave_nothing_in_the_store() {
    let app = TestApp::start_with(&[("SIGN_IN_REQUESTS_PER_MINUTE", "0")]).await;
    let pristine = app.browser();
    for _ in 0..1_000 {
        let answer = pristine.clone().visit("/sign-in").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(app.store_content().await, [""; 0]);
}

async fn behind_https() -> (TestApp, TestBrowser) {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let browser = app.browser();
    (app, browser)
}

#[tokio::test]
async fn b009_q13_what_is_remembered_is_a_cookie_of_its_own_for_an_hour() {
    let (app, mut browser) = behind_https().await;
    browser.visit("/sign-in").await;
    let [cookie] = &*browser.cookies else {
        panic!("{:?}", browser.cookies)
    };
    assert!(
        cookie.name.starts_with("__Host-sign-in."),
        "{}",
        cookie.name
    );
    let attributes = "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure";
    assert!(cookie.header.ends_with(attributes), "{}", cookie.header);
    assert_eq!(browser.own_page().script_cookies(), "");

    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    browser.clock.advance(Duration::HOUR);
    let answer = browser.visit(&callback).await;
    assert_eq!(answer.location(), "/sign-in-failed?reason=unknown_sign_in");
    assert!(
        browser
            .cookies
            .iter()
            .all(|cookie| !cookie.name.contains("sign-in."))
    );
}

#[tokio::test]
async fn b011_who_is_signed_in_stays_so_until_the_new_session_begins() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    let (before, sub) = (browser.session_id().map(str::to_owned), browser.sub().await);
    let callback = browser.sign_in_until_callback_again().await;
    assert_eq!(browser.session_id(), before.as_deref());
    assert_eq!((sub.is_some(), browser.sub().await), (true, sub));
    browser.go(&callback).await;
    assert_ne!(browser.session_id(), before.as_deref());
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn only_a_visit_begins_a_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let script = browser.fetch("/sign-in").await;
    let image = browser.own_page().image("/sign-in").await;
    let prefetch = [("sec-purpose", "prefetch"), ("accept", "*/*")];
    let prefetch = browser
        .send(reqwest::Method::GET, "/sign-in", &prefetch, "")
        .await;
    for answer in [script, image, prefetch] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.json()["code"], "not_a_navigation");
    }
    assert!(browser.cookies.is_empty());
}
