//! What open pages are told when it happens.

use crate::support::{
    HostileApp, Kind, TestApp, TestBrowser, every_stream_looks, nothing, refreshed_id_token,
};
use reqwest::Method;
use serde_json::Value;
use shared::{ClaimsChanged, SessionEvent, SignedOut, SignedOutReason};
use time::Duration;

const EVENTS: &str = "/api/auth/events";
const PHONE: &str = "8613900000000";

const CLAIMS_CHANGED: SessionEvent = SessionEvent::ClaimsChanged(ClaimsChanged {});

fn signed_out(reason: SignedOutReason) -> SessionEvent {
    SessionEvent::SignedOut(SignedOut { reason })
}

#[tokio::test]
async fn every_tab_of_a_browser_is_told_of_a_sign_out_in_one() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &[]).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        let mut tabs = [browser.events().await, browser.events().await];
        browser.sign_out().await;
        for tab in &mut tabs {
            let told = tab.next().await.unwrap();
            assert_eq!(told, signed_out(SignedOutReason::SignedOut));
            assert_eq!(tab.next().await, None);
        }
    }
}

#[tokio::test]
async fn other_devices_are_told_of_a_sign_out_everywhere_and_other_people_are_not() {
    let app = TestApp::start().await;
    let [mut here, mut there, mut somebody] = [app.browser(), app.browser(), app.browser()];
    here.sign_in(&app, PHONE, "/").await;
    there.sign_in(&app, PHONE, "/").await;
    somebody.sign_in(&app, "8613900000001", "/").await;
    let (mut told, mut not_told) = (there.events().await, somebody.events().await);
    here.post("/sign-out", r#"{"everywhere":true}"#).await;
    let told = told.next().await.unwrap();
    assert_eq!(told, signed_out(SignedOutReason::Everywhere));
    somebody.sign_out().await;
    let first = not_told.next().await.unwrap();
    assert_eq!(first, signed_out(SignedOutReason::SignedOut), "their own");
}

#[tokio::test]
async fn a_page_is_told_once_that_its_session_ends_soon() {
    let app = TestApp::start_with(&[("SESSION_IDLE_SECONDS", "3600")]).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.clock.advance(Duration::seconds(3_301));
    let mut events = browser.events().await;
    let Some(SessionEvent::Expiring(expiring)) = events.next().await else {
        panic!("not told")
    };
    assert_eq!(expiring.idle_expires_in, 299);
    assert_eq!(expiring.expires_in, 1_209_600 - 3_301);
    browser.sign_out().await;
    let next = events.next().await.unwrap();
    assert_eq!(
        next,
        signed_out(SignedOutReason::SignedOut),
        "nothing between"
    );
}

/// A refresh brings the person's new name.
async fn rename(app: &HostileApp, name: &'static str, browser: &mut TestBrowser) {
    app.spoil(refreshed_id_token(move |token| token.set("name", name)));
    app.clock.advance(Duration::hours(1));
    assert_eq!(app.user_info(browser).await.status, 200);
}

/// Two processes on one file do not hear each other's notices.
#[tokio::test]
async fn a_change_of_claims_that_nobody_tells_is_seen_at_the_next_look_and_told_once() {
    let app = HostileApp::start_two_on(Kind::Sqlite, nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mut events = browser.events().await;
    for name in ["Ada", "Grace"] {
        rename(&app, name, &mut app.at_second(&browser)).await;
        every_stream_looks().await;
        assert_eq!(events.next().await, Some(CLAIMS_CHANGED), "{name}");
    }
    every_stream_looks().await;
    browser.post("/sign-out", "{}").await;
    let next = events.next().await.unwrap();
    assert_eq!(next, signed_out(SignedOutReason::SignedOut), "not again");
}

#[tokio::test]
async fn a_change_of_claims_that_was_told_is_not_told_again_at_the_next_look() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mut events = browser.events().await;
    rename(&app, "Ada", &mut browser).await;
    assert_eq!(events.next().await, Some(CLAIMS_CHANGED));
    every_stream_looks().await;
    browser.post("/sign-out", "{}").await;
    let next = events.next().await.unwrap();
    assert_eq!(next, signed_out(SignedOutReason::SignedOut), "not again");
}

/// PostgreSQL and Redis bring a notice back to who told it.
#[tokio::test]
async fn a_change_of_claims_is_told_once_though_its_notice_comes_twice() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let mut events = browser.events().await;
        for name in ["Ada", "Grace"] {
            rename(&app, name, &mut browser).await;
            assert_eq!(events.next().await, Some(CLAIMS_CHANGED), "{name}");
        }
        browser.post("/sign-out", "{}").await;
        let next = events.next().await.unwrap();
        assert_eq!(next, signed_out(SignedOutReason::SignedOut), "not again");
    }
}

#[tokio::test]
async fn a_stream_is_for_who_is_signed_in() {
    let app = HostileApp::start(nothing()).await;
    let answer = app.browser().fetch(EVENTS).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "not_signed_in");
}

#[tokio::test]
async fn b112_no_other_site_holds_a_stream_open() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    for headers in [
        [("origin", "https://evil.example")],
        [("origin", "null")],
        [("sec-fetch-site", "same-site")],
        [("sec-fetch-site", "cross-site")],
    ] {
        let answer = browser.send(Method::GET, EVENTS, &headers, "").await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert_eq!(answer.json()["code"], "cross_site");
    }
}

/// Answers the problem.
async fn refused(browser: &mut TestBrowser, status: u16, retry_after: &str) -> Value {
    let (answer, problem) = browser.refused_events().await;
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()["retry-after"], retry_after);
    let kind = &answer.headers()["content-type"];
    assert_eq!(kind, "application/problem+json");
    problem
}

#[tokio::test]
async fn a_session_has_sixteen_streams_and_no_more() {
    let app = HostileApp::start(nothing()).await;
    let (mut browser, mut somebody) = (app.browser(), app.browser());
    app.sign_in(&mut browser).await;
    app.sign_in(&mut somebody).await;
    let mut tabs = Vec::new();
    for _ in 0..16 {
        tabs.push(browser.events().await);
    }
    let problem = refused(&mut browser, 429, "60").await;
    assert_eq!(problem["code"], "rate_limited");
    assert!(problem["detail"].as_str().unwrap().contains("16"));
    somebody.events().await;

    drop(tabs.pop());
    tabs.push(browser.events_at_last().await);
    refused(&mut browser, 429, "60").await;
    app.back_channel_logout(&app.logout_token(|_| {})).await;
    for tab in &mut tabs {
        let told = tab.next().await.unwrap();
        assert_eq!(told, signed_out(SignedOutReason::Provider));
    }
}

#[tokio::test]
async fn streams_leave_half_of_all_connections_to_requests() {
    let app = HostileApp::start_on(Kind::Sqlite, &[], nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let program = app.start_program_with(8).await;
    let mut there = browser.led_to(&program.url);
    let mut tabs = Vec::new();
    for _ in 0..4 {
        tabs.push(there.events().await);
    }
    for _ in 0..8 {
        assert_eq!(refused(&mut there, 503, "5").await["code"], "busy");
    }
    assert!(there.sub().await.is_some());
    assert_eq!(there.visit("/").await.status, 200);
    assert_eq!(there.visit("/sign-in").await.status, 303);

    drop(tabs.pop());
    tabs.push(there.events_at_last().await);
    refused(&mut there, 503, "5").await;
}
