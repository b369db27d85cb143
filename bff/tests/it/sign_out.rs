//! A person signs out: here first, then at the provider.

use crate::support::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::json;

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

    let redirect_to = answer.json()["redirectTo"].as_str().unwrap().to_owned();
    assert!(redirect_to.starts_with(&format!(
        "{}/oidc/session/end?id_token_hint=eyJ",
        app.provider_url()
    )));
    let query: Vec<_> = url::Url::parse(&redirect_to)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect();
    assert!(query.contains(&(
        "post_logout_redirect_uri".to_owned(),
        format!("{}/", app.base_url())
    )));
    assert_eq!(
        browser.visit(&redirect_to).await.status,
        StatusCode::OK,
        "the provider knows the hint and the address"
    );
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
async fn b102_b103_b121_another_site_cannot_sign_anybody_out() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        &[
            form,
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ][..],
        &[("x-csrf", "1"), ("origin", "https://evil.example")],
        &[("content-type", "text/plain"), ("origin", app.base_url())],
        &[],
    ] {
        let answer = browser.send(Method::POST, "/sign-out", headers, "{}").await;
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (StatusCode::FORBIDDEN, json!("cross_site"))
        );
    }
    let by_image = browser
        .send(Method::GET, "/sign-out", &[("sec-fetch-dest", "image")], "")
        .await;
    assert_eq!(by_image.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b116_signing_out_twice_or_without_a_session_is_no_fault() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    assert_eq!(
        browser.post("/sign-out", "").await.json(),
        json!({"redirectTo": "/"})
    );
    browser.plant("session", "AAAAAAAAAAAAAAAAAAAAAA");
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
