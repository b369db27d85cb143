//! What open pages are told when it happens.

use crate::support::{HostileApp, Kind, TestApp, nothing};
use reqwest::Method;
use shared::{SessionEvent, SignedOut, SignedOutReason};
use time::Duration;

const EVENTS: &str = "/api/auth/events";
const PHONE: &str = "8613900000000";

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
