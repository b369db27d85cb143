//! A person signs in.

use crate::support::{TestApp, TestBrowser};
use reqwest::StatusCode;
use shared::AuthStatus;

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

    let AuthStatus::SignedIn {
        claims,
        session,
        scopes,
    } = browser.status().await
    else {
        panic!("signed out")
    };
    assert_eq!(
        scopes,
        ["openid", "offline_access", "profile", "phone", "email"]
    );
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
async fn the_browser_carries_a_reference_where_the_provider_takes_pushed_requests() {
    let app = TestApp::start_with(&[("PUSHED_AUTHORIZATION_REQUESTS", "true")]).await;
    let mut browser = app.browser();
    let request: url::Url = browser.visit("/sign-in").await.location().parse().unwrap();
    let names: Vec<_> = request
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);

    let landed = browser.sign_in(&app, PHONE, "/books").await;
    assert_eq!(landed.url.path(), "/books");
    assert!(browser.sub().await.is_some());
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
    attacker.plant(&app.session_cookie(), "AAAAAAAAAAAAAAAAAAAAAA");
    let mut victim = attacker.clone();
    victim.sign_in(&app, PHONE, "/").await;
    assert!(victim.sub().await.is_some());
    assert_eq!(attacker.sub().await, None);
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

#[tokio::test]
async fn q14_a_link_leads_back_exactly_there_however_it_was_written() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    for (query, page) in [
        ("returnTo=%2F100%2525&utm_source=letter", "/100%25"),
        ("returnTo=/100%25&fbclid=a&fbclid=b", "/100%25"),
        (
            "returnTo=/%E6%9C%AC/%E6%A4%9C%E7%B4%A2&from=singlemessage",
            "/%E6%9C%AC/%E6%A4%9C%E7%B4%A2",
        ),
        ("returnTo=/a%20b", "/a%20b"),
        ("returnTo=%2Fa%2520b", "/a%20b"),
        ("returnTo=/search?q=%E6%9C%AC", "/search?q=%E6%9C%AC"),
        (
            "returnTo=https%3A%2F%2Fapp.example%2Fbooks%3Fpage%3D2",
            "/books?page=2",
        ),
    ] {
        let landed = browser.go(&format!("/sign-in?{query}")).await;
        assert_eq!(
            landed.url.as_str(),
            format!("https://app.example{page}"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn q18_ten_tabs_that_begin_at_once_leave_small_cookies_and_each_ends_signed_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = format!("/{}", "a".repeat(990));
    let empty = browser.clone();
    let mut answers = Vec::new();
    for _ in 0..10 {
        let mut tab = empty.clone();
        answers.push(tab.visit(&format!("/sign-in?returnTo={page}")).await);
    }
    // The answers come after all the requests.
    for answer in &answers {
        for header in answer.headers.get_all("set-cookie") {
            browser
                .visit_that_sets("/", header.to_str().unwrap())
                .unwrap();
        }
    }
    let sent = browser
        .cookies
        .iter()
        .map(|cookie| cookie.name.len() + cookie.value.len() + 3);
    assert!(sent.sum::<usize>() < 4_096);
    browser.sign_in(&app, PHONE, "/").await;
    for answer in answers {
        let landed = browser.follow(answer).await;
        assert_ne!(landed.url.path(), "/sign-in-failed");
    }
}
