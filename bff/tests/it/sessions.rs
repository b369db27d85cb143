//! How long a session lives, and what it survives.

use crate::support::{COOKIE_SECRET, HostileApp, TestApp};
use reqwest::Method;
use shared::AuthStatus;
use time::Duration;

const PHONE: &str = "8613900000000";
const SHORT: [(&str, &str); 2] = [
    ("SESSION_IDLE_SECONDS", "3600"),
    ("SESSION_LIFETIME_SECONDS", "10000"),
];

#[tokio::test]
async fn b085_a_session_ends_when_nobody_visits() {
    let app = TestApp::start_with(&SHORT).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.clock.advance(Duration::seconds(3_599));
    assert!(browser.sub().await.is_some());
    app.clock.advance(Duration::SECOND);
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn asking_for_the_status_does_not_keep_a_session_alive_and_a_visit_does() {
    let app = TestApp::start_with(&SHORT).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.clock.advance(Duration::seconds(3_000));
    assert_eq!(times(&browser.status().await), (7_000, 600));
    browser.visit("/").await;
    assert_eq!(times(&browser.status().await), (7_000, 3_600));
}

fn times(status: &AuthStatus) -> (i64, i64) {
    let AuthStatus::SignedIn { session, .. } = status else {
        panic!("signed out")
    };
    (session.expires_in, session.idle_expires_in)
}

#[tokio::test]
async fn b086_no_activity_carries_a_session_past_its_lifetime() {
    let app = TestApp::start_with(&SHORT).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    for _ in 0..9 {
        app.clock.advance(Duration::seconds(1_000));
        browser.visit("/").await;
    }
    assert_eq!(times(&browser.status().await), (1_000, 1_000));
    app.clock.advance(Duration::seconds(1_000));
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn a_session_survives_a_restart_of_the_bff() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let before = browser.sub().await;
    app.restart().await;
    assert!(before.is_some());
    assert_eq!(browser.sub().await, before);
}

#[tokio::test]
async fn b040_a_sign_in_survives_a_restart_of_the_bff() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.restart().await;
    browser.go(&callback).await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn a_store_in_memory_works_too() {
    let app = TestApp::start_with(&[("SESSION_STORE", "memory:")]).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b082_a_cookie_that_is_no_session_is_signed_out_and_creates_nothing() {
    let app = TestApp::start().await;
    for value in ["AAAAAAAAAAAAAAAAAAAAAA", "short", &"A".repeat(4_000), "%00"] {
        let mut browser = app.browser();
        browser.plant("session", value);
        assert_eq!(browser.status().await, AuthStatus::SignedOut, "{value}");
        assert_eq!(browser.visit("/").await.status, 200);
    }
    assert_eq!(app.stored_sessions().await, 0);
}

#[tokio::test]
async fn t01_an_alias_of_the_cookies_name_is_not_the_cookie() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let id = browser.session_id().unwrap().to_owned();
    let mut attacker = app.browser();
    for header in [
        format!("%73ession={id}"),
        format!("session={id}; session=AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let answer = attacker
            .send(Method::GET, "/api/auth/status", &[("cookie", &header)], "")
            .await;
        assert_eq!(answer.body, r#"{"isAuthenticated":false}"#, "{header}");
    }
    let own = attacker
        .send(
            Method::GET,
            "/api/auth/status",
            &[("cookie", &format!("x=1; session={id}"))],
            "",
        )
        .await;
    assert!(
        own.body.starts_with(r#"{"isAuthenticated":true"#),
        "the same header with the right name"
    );
}

#[tokio::test]
async fn b236_a_fault_of_the_store_is_not_signed_out() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.break_store().await;

    let status = browser.fetch("/api/auth/status").await;
    assert_eq!(
        (status.status.as_u16(), status.json()["code"].as_str()),
        (503, Some("store_unavailable"))
    );
    let page = browser.visit("/").await;
    assert_eq!(page.status, 503);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'"),
        "b191"
    );
    assert!(!page.body.contains("isAuthenticated"), "{}", page.body);
    assert!(browser.session_id().is_some(), "the cookie stays");
    assert!(
        !status.body.contains("table"),
        "nobody sees the engine's words: {}",
        status.body
    );

    app.mend_store().await;
    assert!(browser.sub().await.is_some(), "and works again");
}

#[tokio::test]
async fn a_change_of_the_cookie_secret_signs_nobody_out_while_the_previous_one_is_known() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.set("COOKIE_SECRET", "Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h");
    app.set("COOKIE_SECRET_PREVIOUS", COOKIE_SECRET);
    app.restart().await;
    assert!(browser.sub().await.is_some());

    app.set("COOKIE_SECRET_PREVIOUS", "");
    app.restart().await;
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn a_shorter_lifetime_counts_for_sessions_that_are_there() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.clock.advance(Duration::seconds(601));
    app.set("SESSION_LIFETIME_SECONDS", "600");
    app.restart().await;
    assert_eq!(browser.sub().await, None);
}

/// Everything as in production but for TLS, which stands in front of the bff.
#[tokio::test]
async fn t03_b078_b114_behind_https_the_cookies_have_the_prefix_and_can_be_removed() {
    let app = HostileApp::start_at("https://app.example", |_| {}).await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    let [cookie] = &*browser.cookies else {
        panic!("{:?}", browser.cookies)
    };
    assert_eq!(cookie.name, "__Host-session");
    for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.header.contains(attribute), "{}", cookie.header);
    }

    let headers = [("x-csrf", "1"), ("origin", "https://app.example")];
    let answer = browser.send(Method::POST, "/sign-out", &headers, "").await;
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    );
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
}
