//! A person signs out: here first, then at the provider.

use crate::support::{
    Endpoint, HostileApp, Kind, Signer, TestApp, TestBrowser, at, id_token, jwks, nothing,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::AuthStatus;
use time::Duration;
use url::Url;

const PHONE: &str = "8613900000000";

#[tokio::test]
async fn b114_b117_the_session_ends_here_then_at_the_provider() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let mut thief = browser.clone();

    let answer = browser.post("/sign-out", "{}").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(browser.session_id().is_none(), "the browser forgets");
    assert_eq!(thief.sub().await, None, "the old cookie is dead");
    assert_eq!(app.stored_sessions().await, 0);

    let redirect_to: Url = answer.json()["redirectTo"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let end_session = format!("{}/oidc/session/end?id_token_hint=eyJ", app.provider_url());
    assert!(redirect_to.as_str().starts_with(&end_session));
    let mut query = redirect_to.query_pairs();
    let back = query.find(|(name, _)| name == "post_logout_redirect_uri");
    assert_eq!(back.unwrap().1, format!("{}/", app.base_url()));

    let landed = browser.go(redirect_to.as_str()).await;
    assert_eq!(
        landed.status,
        StatusCode::OK,
        "the provider knows the hint and the address"
    );
    let ours = browser
        .history
        .iter()
        .filter(|answer| answer.url.as_str().starts_with(app.base_url()));
    for answer in ours {
        assert!(!answer.url.as_str().contains("eyJ"), "{}", answer.url);
    }
}

#[tokio::test]
async fn b120_b124_b128_after_the_return_the_page_works_and_so_does_a_new_sign_in() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let landed = browser.sign_out().await;
    assert_eq!(landed.url.as_str(), "https://app.example/");
    for query in [
        "",
        "?state=wrong",
        "?state=",
        "?state=a&state=b",
        "?state=a&error=x&code=y",
        "?state=signed-out.somebody-elses",
        "?state=signed-out.&state=signed-out.",
    ] {
        let page = browser.go(&format!("/{query}")).await;
        let signed_out = page.body.contains(r#"{"isAuthenticated":false}"#);
        assert!(page.status == StatusCode::OK && signed_out, "{query}");
        assert_eq!(browser.status().await, AuthStatus::SignedOut, "{query}");
    }
    let cleared = browser
        .history
        .iter()
        .filter(|answer| !answer.header("clear-site-data").is_empty());
    assert_eq!(cleared.count(), 0, "what other tabs hold stays");
    browser.sign_in(&app, PHONE, "/").await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b124_another_tab_learns_of_it_with_its_next_request() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let mut other_tab = browser.clone(); // as it was loaded, its cookie still there
    browser.post("/sign-out", "{}").await;
    assert_eq!(other_tab.status().await, AuthStatus::SignedOut);
    let page = other_tab.visit("/books").await;
    assert_eq!(page.status, StatusCode::OK, "no redirect, so no loop");
    assert!(page.body.contains(r#"{"isAuthenticated":false}"#));
}

#[tokio::test]
async fn b121_a_get_signs_nobody_out() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    for page in [
        "https://evil.example/",
        "https://www.app.example/",
        "https://app.example/",
    ] {
        let image = browser.page(page).image("/sign-out").await;
        let frame = browser.page(page).frame("/sign-out").await;
        let link = browser.page(page).link("/sign-out").await;
        for answer in [image, frame, link] {
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{page}");
        }
    }
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b120_back_from_the_provider_the_address_is_plain_again() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let answer = browser.post("/sign-out", "{}").await;
    let end_session: url::Url = answer.json()["redirectTo"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let (_, state) = end_session
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    assert!(state.len() > 22, "fresh: {state}");
    let back = browser.visit(&format!("/?state={state}")).await;
    assert_eq!((back.status.as_u16(), back.location()), (303, "/"));

    for query in [
        "state=CA",
        "state=",
        "state=signed-out.x&shelf=3",
        "shelf=3",
    ] {
        assert_eq!(
            browser.visit(&format!("/?{query}")).await.status,
            StatusCode::OK,
            "{query}"
        );
    }
}

#[tokio::test]
async fn b122_the_refresh_token_is_revoked_once() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    browser.post("/sign-out", "").await;
    browser.post("/sign-out", "").await;
    assert_eq!(app.provider_requests("POST /oidc/token/revocation"), 1);
}

#[tokio::test]
async fn a_form_of_our_page_signs_out_without_a_script() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let headers = [
        ("origin", app.base_url()),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "navigate"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = browser.send(Method::POST, "/sign-out", &headers, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let policy = format!("form-action 'self' {};", app.provider_url());
    assert!(
        answer.header("content-security-policy").contains(&policy),
        "a form may lead there"
    );
    assert!(
        answer
            .location()
            .starts_with(&format!("{}/oidc/session/end?", app.provider_url()))
    );
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn b116_signing_out_twice_or_without_a_session_is_no_fault() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    assert_eq!(
        browser.post("/sign-out", "").await.json(),
        json!({"redirectTo": "/"})
    );
    browser.plant(&app.session_cookie(), "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(
        browser.post("/sign-out", "{}").await.json(),
        json!({"redirectTo": "/"})
    );
    assert!(browser.session_id().is_none());
}

#[tokio::test]
async fn b118_the_provider_may_be_down() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.stop_provider().await;
    let answer = browser.post("/sign-out", "{}").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn b126_everywhere_ends_all_sessions_of_this_person_and_of_nobody_else() {
    let app = TestApp::start().await;
    let (mut laptop, mut phone, mut stranger) = (app.browser(), app.browser(), app.browser());
    laptop.sign_in(&app, PHONE, "/").await;
    phone.sign_in(&app, PHONE, "/").await;
    stranger.sign_in(&app, "8613900000001", "/").await;

    laptop.post("/sign-out", r#"{"everywhere":true}"#).await;
    assert_eq!((laptop.sub().await, phone.sub().await), (None, None));
    assert!(stranger.sub().await.is_some());
}

#[tokio::test]
async fn everywhere_leaves_no_refresh_token_of_any_session() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let (mut laptop, mut phone) = (app.browser(), app.browser());
        app.sign_in(&mut laptop).await;
        app.sign_in(&mut phone).await;
        laptop.post("/sign-out", r#"{"everywhere":true}"#).await;
        app.asked(Endpoint::Revocation, 2).await;
    }
}

#[tokio::test]
async fn nobody_waits_for_the_refresh_tokens_of_the_others() {
    let app = HostileApp::start(at(Endpoint::Revocation, |reply| reply.held = true)).await;
    let (mut laptop, mut phone) = (app.browser(), app.browser());
    app.sign_in(&mut laptop).await;
    app.sign_in(&mut phone).await;
    let body = r#"{"everywhere":true}"#;
    let answer = laptop.post("/sign-out", body).await.json();
    let there = answer["redirectTo"].as_str().unwrap();
    assert!(there.contains("id_token_hint="), "{there}");
    app.release();
}

/// The provider holds its answer to the callback back while something ends the person's sessions.
#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_an_end_of_all_sessions() {
    for kind in Kind::ALL {
        for by_logout_token in [true, false] {
            let app = HostileApp::start_on(kind, &[], nothing()).await;
            let (mut laptop, mut phone) = (app.browser(), app.browser());
            app.sign_in(&mut laptop).await;
            let callback = app.sign_in_until_callback(&mut phone).await;
            app.spoil(at(Endpoint::Token, |reply| reply.held = true));
            let mut tab = phone.clone();
            let signing_in = tokio::spawn(async move { (tab.visit(&callback).await, tab) });
            app.asked(Endpoint::Token, 2).await;
            if by_logout_token {
                let token = app.logout_token(|_| {});
                assert_eq!(app.back_channel_logout(&token).await.status, 200);
            } else {
                let body = r#"{"everywhere":true}"#;
                assert_eq!(laptop.post("/sign-out", body).await.status, 200);
            }
            app.release();
            let (landed, mut tab) = signing_in.await.unwrap();
            let failed = "/sign-in-failed?reason=unknown_sign_in";
            assert_eq!(landed.location(), failed, "{kind:?} {by_logout_token}");
            assert_eq!(tab.session_id(), None);
            assert_eq!(tab.sub().await, None);
            // The refresh token that came too late, and the laptop's if it signed out itself.
            let revoked = if by_logout_token { 1 } else { 2 };
            app.asked(Endpoint::Revocation, revoked).await;

            // A sign-in that begins now is nobody's business.
            app.spoil(nothing());
            assert_eq!(app.sign_in(&mut tab).await, "/");
            assert!(tab.sub().await.is_some());
        }
    }
}

#[tokio::test]
async fn b127_a_sign_in_begun_before_does_not_sign_in_again() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let callback = browser.sign_in_until_callback_again().await;
    browser.post("/sign-out", "{}").await;
    assert_eq!(
        browser.visit(&callback).await.location(),
        "/sign-in-failed?reason=unknown_sign_in"
    );
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn a_misspelt_body_signs_nobody_out() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let answer = browser.post("/sign-out", r#"{"everywhere":"yes"}"#).await;
    assert_eq!(
        (answer.status, answer.json()["code"].clone()),
        (StatusCode::BAD_REQUEST, json!("invalid_request"))
    );
    assert!(browser.sub().await.is_some());
}

/// Where a sign-out leads.
async fn end_session_of(browser: &mut TestBrowser) -> String {
    let answer = browser.post("/sign-out", "{}").await.json();
    answer["redirectTo"].as_str().unwrap().to_owned()
}

/// nginx refuses an answer with a `Location` of four kilobytes.
#[tokio::test]
async fn q30_a_long_id_token_is_no_hint() {
    for (name, has_hint) in [("n".repeat(100), true), ("n".repeat(1_500), false)] {
        let app = HostileApp::start(id_token(move |token| token.set("name", name.clone()))).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let end_session = end_session_of(&mut browser).await;
        assert_eq!(end_session.contains("id_token_hint="), has_hint);
        assert!(end_session.contains("client_id=bookstore&post_logout_redirect_uri="));
        assert!(end_session.len() < 2_500, "{}", end_session.len());
        app.visit_provider(&mut browser, &end_session).await;
    }
}

/// A provider that does not know the key answers with an error.
#[tokio::test]
async fn q30_an_id_token_of_a_withdrawn_key_is_no_hint() {
    for seconds in [1, 20, 600] {
        let app = HostileApp::start(nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.spoil(jwks(|keys| *keys = vec![Signer::Successor.jwk()]));
        app.clock.advance(Duration::seconds(seconds));
        let end_session = end_session_of(&mut browser).await;
        assert!(!end_session.contains("id_token_hint"), "{end_session}");
        assert!(end_session.contains("client_id=bookstore"), "{end_session}");
    }
}

/// On http, other servers of the host may plant cookies of this name.
#[tokio::test]
async fn q15_a_sign_out_ends_the_session_of_every_cookie_or_of_none() {
    let app = HostileApp::start(nothing()).await;
    let name = format!("bff-{}-session", app.address().port());
    for (planted, body, status, left) in [
        (1, r#"{"everywhere":true}"#, 200, 0),
        (5, "{}", 200, 1),
        (15, "{}", 200, 1),
        (16, "{}", 400, 2),
    ] {
        let (mut laptop, mut phone) = (app.browser(), app.browser());
        app.sign_in(&mut laptop).await;
        app.sign_in(&mut phone).await;
        let mut cookies = format!("{name}={}", laptop.session_id().unwrap());
        for number in 0..planted {
            cookies = format!("{name}=AAAAAAAAAAAAAAAAAAA{number:02}A; {cookies}");
        }
        let headers = [("cookie", &*cookies), ("x-csrf", "1")];
        let mut liar = app.browser();
        let answer = liar.send(Method::POST, "/sign-out", &headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{planted}");
        let mut signed_in = 0;
        for browser in [&mut laptop, &mut phone] {
            signed_in += usize::from(browser.sub().await.is_some());
            browser.post("/sign-out", "{}").await;
        }
        assert_eq!(signed_in, left, "{planted}");
        if status == 400 {
            assert_eq!(answer.json()["code"], "invalid_request");
        } else {
            assert!(answer.body.contains("id_token_hint="), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn q15_two_sessions_in_one_browser_both_end_everywhere() {
    let app = TestApp::start().await;
    let mut browsers = Vec::new();
    for phone in [PHONE, PHONE, "8613900000001", "8613900000001"] {
        let mut browser = app.browser();
        browser.sign_in(&app, phone, "/").await;
        browsers.push(browser);
    }
    let name = app.session_cookie();
    let [one, other] = [0, 2].map(|number: usize| browsers[number].session_id().unwrap());
    let cookies = format!("{name}={one}; {name}={other}");
    let headers = [("cookie", &*cookies), ("x-csrf", "1")];
    let body = r#"{"everywhere":true}"#;
    let mut liar = app.browser();
    let answer = liar.send(Method::POST, "/sign-out", &headers, body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(app.stored_sessions().await, 0);
}

#[tokio::test]
async fn q30_nobody_is_sent_to_a_provider_that_is_known_to_be_down() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.spoil(at(Endpoint::Discovery, |reply| reply.status = 503));
    app.clock.advance(Duration::seconds(30));
    assert_eq!(end_session_of(&mut browser).await, "/");
    assert_eq!(browser.sub().await, None);
}
