//! What one client may take: requests in a minute, time to ask, size of a question.

use crate::support::{TestApp, TestBrowser};
use reqwest::Method;
use time::Duration;

async fn app(limit: &str) -> TestApp {
    let app = TestApp::start_with(&[
        ("SIGN_IN_REQUESTS_PER_MINUTE", limit),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ])
    .await;
    near_the_end_of_a_minute(&app);
    app
}

/// Ten seconds later the next minute begins.
fn near_the_end_of_a_minute(app: &TestApp) {
    let second = app.clock.unix().rem_euclid(60);
    app.clock.advance(Duration::seconds(110 - second));
}

async fn visit_from(browser: &mut TestBrowser, address: &str, url: &str) -> u16 {
    let headers = [
        ("x-forwarded-for", address),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let answer = browser.send(Method::GET, url, &headers, "").await;
    if answer.status.as_u16() == 429 {
        assert_eq!(answer.header("retry-after"), "60");
        assert!(answer.body.contains("rate_limited"), "{}", answer.body);
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn t17_sign_ins_of_one_address_are_limited_and_those_of_others_are_not() {
    let app = app("3").await;
    let mut browser = app.browser();
    for _ in 0..3 {
        assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
    }
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 429);
    let spoofed = "198.51.100.9, 192.0.2.1";
    assert_eq!(visit_from(&mut browser, spoofed, "/sign-in").await, 429);
    assert_eq!(
        visit_from(&mut browser, "192.0.2.1", "/callback").await,
        429
    );
    assert_eq!(visit_from(&mut browser, "192.0.2.2", "/sign-in").await, 303);
    assert_eq!(
        visit_from(&mut browser, "192.0.2.1", "/").await,
        200,
        "other pages are free"
    );

    app.clock.advance(Duration::seconds(10));
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
}

#[tokio::test]
async fn t17_an_ipv6_subscriber_is_one_whatever_address_is_taken() {
    let app = app("1").await;
    let mut browser = app.browser();
    assert_eq!(
        visit_from(&mut browser, "2001:db8::1", "/sign-in").await,
        303
    );
    assert_eq!(
        visit_from(&mut browser, "2001:db8::ffff:2", "/sign-in").await,
        429
    );
    assert_eq!(
        visit_from(&mut browser, "2001:db8:0:1::1", "/sign-in").await,
        303
    );
}

#[tokio::test]
async fn a_callback_that_was_refused_works_when_it_is_loaded_again() {
    let app = app("1").await;
    let mut browser = app.browser();
    let callback = browser
        .sign_in_until_callback(&app, "8613900000000", "/books")
        .await;
    assert_eq!(browser.visit(&callback).await.status.as_u16(), 429);
    assert_eq!(browser.sub().await, None);
    app.clock.advance(Duration::seconds(10));
    assert_eq!(browser.visit(&callback).await.location(), "/books");
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn t17_without_a_trusted_proxy_nobody_chooses_an_address() {
    let app = TestApp::start_with(&[("SIGN_IN_REQUESTS_PER_MINUTE", "1")]).await;
    near_the_end_of_a_minute(&app);
    let mut browser = app.browser();
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
    assert_eq!(visit_from(&mut browser, "192.0.2.2", "/sign-in").await, 429);
}
