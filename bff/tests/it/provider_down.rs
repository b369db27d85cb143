//! The provider is down: the bff runs, says so, and recovers by itself.

use crate::support::TestApp;
use serde_json::json;
use time::Duration;

const PHONE: &str = "8613900000000";

#[tokio::test]
async fn b006_b218_a_sign_in_says_so_and_works_when_the_provider_is_back() {
    let mut app = TestApp::start().await;
    app.stop_provider().await;
    let mut browser = app.browser();
    assert_eq!(browser.visit("/").await.status, 200, "the page is there");

    let answer = browser.visit("/sign-in?returnTo=/books").await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.location(),
            answer.header("retry-after")
        ),
        (503, "", "5")
    );
    assert!(
        answer.body.contains(r#""code":"provider_unavailable""#),
        "{}",
        answer.body
    );
    assert!(browser.cookies.is_empty(), "nothing is pending");

    app.start_provider_again().await;
    app.clock.advance(Duration::seconds(5));
    browser.sign_in(&app, PHONE, "/books").await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn a_provider_that_went_down_is_noticed_before_the_person_is_sent_there() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.stop_provider().await;
    app.clock.advance(Duration::seconds(30));
    for _ in 0..2 {
        let answer = browser.visit("/sign-in").await;
        assert_eq!((answer.status.as_u16(), answer.location()), (503, ""));
    }
    assert!(browser.sub().await.is_some(), "who is signed in stays so");

    app.start_provider_again().await;
    app.clock.advance(Duration::seconds(5));
    assert_eq!(
        browser.go("/sign-in?returnTo=/books").await.url.path(),
        "/books"
    );
}

#[tokio::test]
async fn down_between_sign_in_and_callback_it_says_so_and_the_person_starts_again() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.stop_provider().await;
    assert_eq!(
        browser.visit(&callback).await.location(),
        "/sign-in-failed?reason=provider_unavailable"
    );
    app.start_provider_again().await;
    browser.go("/sign-in").await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b219_who_is_signed_in_stays_signed_in() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.stop_provider().await;
    app.clock.advance(Duration::hours(1));
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn readiness_tells_the_store_from_the_provider() {
    let mut app = TestApp::start().await;
    let mut operator = app.operator();
    let ready = operator.fetch("/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.json()),
        (200, json!({"store": "ok", "provider": "ok"}))
    );

    app.break_store().await;
    let ready = operator.fetch("/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.json()),
        (503, json!({"store": "unavailable", "provider": "ok"}))
    );
    app.mend_store().await;

    app.stop_provider().await;
    app.restart().await;
    let ready = operator.fetch("/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), ready.json()),
        (503, json!({"store": "ok", "provider": "unavailable"}))
    );
    assert_eq!(operator.fetch("/healthz").await.body, "ok");
}

#[tokio::test]
async fn b233_sessions_survive_a_restart_of_the_provider() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, "8613900000000", "/").await;
    app.stop_provider().await;
    app.start_provider_again().await;
    app.clock.advance(Duration::hours(1));
    let answer = browser.fetch("/api/auth/user-info").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}
