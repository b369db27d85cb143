//! Callbacks that are not the end of a sign-in, and one that nobody waits for.

use crate::support::{
    Answer, Endpoint, HostileApp, Kind, TestApp, TestBrowser, at, nothing, wire::Wire,
};
use reqwest::{Method, StatusCode};
use time::Duration;

const PHONE: &str = "8613900000000";
const TOKEN: &str = "POST /oidc/token";

/// 303 to the page with the reason, nobody signed in.
async fn assert_failed(browser: &mut TestBrowser, answer: &Answer, reason: &str) {
    assert_eq!(
        (answer.status, answer.location()),
        (
            StatusCode::SEE_OTHER,
            &*format!("/sign-in-failed?reason={reason}")
        )
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(browser.sub().await, None);
    assert!(browser.session_id().is_none());
}

#[tokio::test]
async fn b015_b016_without_its_state_there_is_no_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let state = callback
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let spoilt = format!(
        "{}{}",
        &state[..state.len() - 1],
        if state.ends_with('A') { 'B' } else { 'A' }
    );
    for wrong in [
        "/callback".to_owned(),
        callback.replace(&format!("state={state}"), ""),
        callback.replace(&state, &spoilt),
        callback.replace(&state, &format!("{state}%20")),
        callback.replace(&state, &state.to_ascii_uppercase()),
        format!("{callback}&state={state}"),
    ] {
        let answer = browser.visit(&wrong).await;
        assert_failed(&mut browser, &answer, "unknown_sign_in").await;
    }
    assert_eq!(app.provider_requests(TOKEN), 0);
    assert!(
        browser.go(&callback).await.url.path() == "/",
        "the real one still works"
    );
}

#[tokio::test]
async fn b017_b018_a_callback_of_another_browser_signs_nobody_in() {
    let app = TestApp::start().await;
    let callback = app.browser().sign_in_until_callback(&app, PHONE, "/").await;
    let mut victim = app.browser();
    let answer = victim.visit(&callback).await;
    assert_failed(&mut victim, &answer, "unknown_sign_in").await;

    victim.visit("/sign-in").await; // a sign-in of its own is not the attacker's
    let answer = victim.visit(&callback).await;
    assert_failed(&mut victim, &answer, "unknown_sign_in").await;
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b019_a_callback_works_once() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    browser.go(&callback).await;
    let sub = browser.sub().await;
    assert!(sub.is_some());

    let again = browser.visit(&callback).await;
    assert_eq!(again.location(), "/");
    assert_eq!(app.provider_requests(TOKEN), 1);
    assert_eq!(browser.sub().await, sub, "who is signed in stays so");
}

#[tokio::test]
async fn b019_two_callbacks_at_once_and_a_kept_cookie_use_the_code_once() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let (mut one, mut other) = (browser.clone(), browser.clone());
    let (first, second) = tokio::join!(one.visit(&callback), other.visit(&callback));
    let mut locations = [first.location(), second.location()];
    locations.sort_unstable();
    assert_eq!(locations, ["/", "/sign-in-failed?reason=unknown_sign_in"]);

    let kept = browser.visit(&callback).await;
    assert_failed(&mut browser, &kept, "unknown_sign_in").await;
    assert_eq!(app.provider_requests(TOKEN), 1);
}

#[tokio::test]
async fn b039_when_the_store_takes_nothing_the_code_is_not_used_and_the_person_starts_again() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.break_store().await;
    let answer = browser.visit(&callback).await;
    assert_eq!(
        answer.location(),
        "/sign-in-failed?reason=store_unavailable"
    );
    assert_eq!(app.provider_requests(TOKEN), 0);
    app.mend_store().await;
    browser.go("/sign-in").await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn a_session_that_cannot_be_written_signs_nobody_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.refuse_new_sessions().await;
    let answer = browser.visit(&callback).await;
    assert_failed(&mut browser, &answer, "store_unavailable").await;
    assert!(
        !browser
            .cookies
            .iter()
            .any(|cookie| cookie.name.contains("sign-in.")),
        "used up all the same"
    );
}

#[tokio::test]
async fn b022_q13_a_sign_in_older_than_an_hour_is_begun_again() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.clock.advance(Duration::minutes(61));
    let answer = browser.visit(&callback).await;
    assert_failed(&mut browser, &answer, "unknown_sign_in").await;
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b025_a_foreign_error_does_not_cancel_an_open_sign_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    for planted in [
        "/callback?error=access_denied",
        "/callback?error=access_denied&state=foreign",
    ] {
        let answer = browser.visit(planted).await;
        assert_failed(&mut browser, &answer, "unknown_sign_in").await;
    }
    browser.go(&callback).await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn a_sign_in_that_failed_hands_out_no_session_that_the_store_could_not_take_back() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    app.end_no_sessions().await;
    let answer = browser.visit(&callback).await;
    assert_failed(&mut browser, &answer, "store_unavailable").await;
    assert_eq!(app.stored_sessions().await, 1);
}

/// The provider gives its tokens all the same, and nobody would ever use or revoke them.
#[tokio::test]
async fn what_a_sign_in_brings_after_its_browser_hung_up_is_taken_back() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let callback = app.sign_in_until_callback(&mut browser).await;
        app.spoil(at(Endpoint::Token, |reply| reply.held = true));
        let mut wire = Wire::connect(app.address()).await;
        wire.write(request_of(&browser, &callback)).await;
        app.asked(Endpoint::Token, 2).await;
        assert_eq!(wire.hang_up().await, "", "{kind:?}");
        assert_eq!(app.requests(Endpoint::Revocation), 0);
        app.release();
        app.asked(Endpoint::Revocation, 1).await;

        app.spoil(nothing());
        assert!(browser.sub().await.is_some(), "the session before goes on");
        let sessions = browser.fetch("/api/auth/sessions").await.json();
        assert_eq!(
            sessions["sessions"].as_array().unwrap().len(),
            1,
            "{kind:?}"
        );
    }
}

/// What the browser would send to visit an address.
fn request_of(browser: &TestBrowser, target: &str) -> String {
    let cookies = browser.cookies.iter();
    let pairs: Vec<_> = cookies
        .map(|cookie| format!("{}={}", cookie.name, cookie.value))
        .collect();
    let cookies = pairs.join("; ");
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n")
}

#[tokio::test]
async fn t04_b039_a_state_is_spent_whatever_the_answer_was() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let mut liar = browser.clone(); // keeps the cookie that the answer removes
    app.stop_provider().await;
    let answer = browser.visit(&callback).await;
    assert_failed(&mut browser, &answer, "provider_unavailable").await;
    app.start_provider_again().await;
    for browser in [&mut browser, &mut liar] {
        let again = browser.visit(&callback).await;
        assert_failed(browser, &again, "unknown_sign_in").await;
    }
    assert_eq!(app.provider_requests(TOKEN), 0);

    let callback = browser.sign_in_until_callback_again().await;
    let mut liar = browser.clone();
    app.refuse_new_sessions().await;
    let answer = browser.visit(&callback).await;
    assert_failed(&mut browser, &answer, "store_unavailable").await;
    app.take_new_sessions_again().await;
    let again = liar.visit(&callback).await;
    assert_failed(&mut liar, &again, "unknown_sign_in").await;
    assert_eq!(app.provider_requests(TOKEN), 1);
}

#[tokio::test]
async fn q10_what_a_browser_does_on_its_own_uses_nothing_up() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/books").await;
    let cookies = browser.cookies.len();
    let mut answers = vec![
        browser.fetch(&callback).await,
        browser.own_page().image(&callback).await,
        browser.own_page().frame(&callback).await,
        browser.page("https://mail.example/").frame(&callback).await,
    ];
    for preload in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
    ] {
        let headers = [preload, ("accept", "text/html")];
        answers.push(browser.send(Method::GET, &callback, &headers, "").await);
    }
    for answer in answers {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.header("set-cookie"), "");
    }
    for address in [&callback, "/sign-in"] {
        let head = browser.send(Method::HEAD, address, &[], "").await;
        assert_eq!((head.status.as_u16(), head.header("allow")), (405, "GET"));
        assert_eq!(head.header("set-cookie"), "");
    }
    assert_eq!(app.provider_requests(TOKEN), 0);
    assert_eq!(browser.cookies.len(), cookies);

    let landed = browser.go(&callback).await;
    assert_eq!(landed.url.path(), "/books", "the person's visit works");
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn q11_q07_a_callback_that_was_used_leads_a_person_who_is_signed_in_on() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/books").await;
    let mut restored = browser.clone(); // with the cookie that the sign-in had
    browser.go(&callback).await;
    let sub = browser.sub().await;

    let back = browser.visit(&callback).await;
    assert_eq!((back.status.as_u16(), back.location()), (303, "/"));
    let id = browser.session_id().unwrap().to_owned();
    restored.plant(&app.session_cookie(), &id);
    let back = restored.visit(&callback).await;
    assert_eq!((back.status.as_u16(), back.location()), (303, "/books"));
    assert_eq!(
        (browser.sub().await, restored.sub().await),
        (sub.clone(), sub)
    );
    assert_eq!(app.provider_requests(TOKEN), 1);

    browser.post("/sign-out", "{}").await;
    let back = browser.visit(&callback).await;
    assert_failed(&mut browser, &back, "unknown_sign_in").await;
}

#[tokio::test]
async fn q13_a_person_may_take_an_hour_and_a_second_try_returns_to_the_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser
        .sign_in_until_callback(&app, PHONE, "/books?page=2")
        .await;
    let declined = {
        let state = callback
            .split("state=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap();
        let issuer = format!("{}/oidc", app.provider_url());
        format!("/callback?error=access_denied&state={state}&iss={issuer}")
    };
    app.clock.advance(Duration::minutes(59));
    let answer = browser.visit(&declined).await;
    let page = "/sign-in-failed?reason=access_denied&returnTo=%2Fbooks%3Fpage%3D2";
    assert_eq!(answer.location(), page);
}

#[tokio::test]
async fn q28_a_silent_sign_in_that_finds_nobody_returns_to_the_page() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser.visit("/sign-in?prompt=none&returnTo=/books").await;
    assert!(
        answer.location().contains("prompt=none"),
        "{}",
        answer.location()
    );
    let landed = browser.follow(answer).await;
    assert_eq!((landed.status.as_u16(), landed.url.path()), (200, "/books"));
    assert_eq!(browser.sub().await, None);
    let log_in = browser.visit("/sign-in?prompt=login").await;
    assert!(
        log_in.location().contains("prompt=login+consent"),
        "{}",
        log_in.location()
    );
}
