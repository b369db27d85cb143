//! The claims as the provider has them now, with an access token that is renewed when it has to be.

use crate::support::{TestApp, TestBrowser};
use time::Duration;

const PHONE: &str = "8613900000000";
const USER_INFO: &str = "/api/auth/user-info";

async fn signed_in(app: &TestApp) -> TestBrowser {
    let mut browser = app.browser();
    browser.sign_in(app, PHONE, "/").await;
    browser
}

#[tokio::test]
async fn a_person_sees_what_the_provider_has_now() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app).await;
    assert_eq!(app.provider_requests("GET /oidc/me"), 0);
    let answer = browser.fetch(USER_INFO).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store")
    );
    let claims = answer.json();
    assert_eq!(claims["sub"].as_str(), browser.sub().await.as_deref());
    assert_eq!(claims["phone_number"], PHONE);
    assert_eq!(app.provider_requests("GET /oidc/me"), 1);
}

#[tokio::test]
async fn each_person_sees_their_own() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (signed_in(&app).await, app.browser());
    bob.sign_in(&app, "8613900000001", "/").await;
    assert_eq!(ada.fetch(USER_INFO).await.json()["phone_number"], PHONE);
    let bobs = bob.fetch(USER_INFO).await.json();
    assert_eq!(bobs["phone_number"], "8613900000001");
    ada.sign_out().await;
    assert_eq!(ada.fetch(USER_INFO).await.status, 401);
}

#[tokio::test]
async fn nobody_signed_in_is_told_so_in_data() {
    let app = TestApp::start().await;
    let answer = app.browser().fetch(USER_INFO).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert_eq!(answer.json()["code"], "not_signed_in");
}

#[tokio::test]
async fn b153_b154_an_expired_access_token_is_renewed_once_for_all_requests() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    app.clock.advance(Duration::hours(1));
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let mut tab = browser.clone();
            tokio::spawn(async move { tab.fetch(USER_INFO).await.status.as_u16() })
        })
        .collect();
    for request in requests {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(
        app.provider_requests("POST /oidc/token"),
        2,
        "the code, and one refresh"
    );
    let mut browser = browser;
    assert_eq!(browser.fetch(USER_INFO).await.status.as_u16(), 200);
    assert_eq!(app.provider_requests("POST /oidc/token"), 2);
}

#[tokio::test]
async fn q35_a_call_slides_the_session_and_its_refresh_does_not() {
    let app = TestApp::start_with(&[("SESSION_IDLE_SECONDS", "7200")]).await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(Duration::minutes(90));
    assert_eq!(browser.fetch(USER_INFO).await.status.as_u16(), 200);
    app.clock.advance(Duration::minutes(90));
    assert_eq!(browser.fetch(USER_INFO).await.status.as_u16(), 200);
    app.clock.advance(Duration::minutes(121));
    assert_eq!(browser.fetch(USER_INFO).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_fault_of_the_provider_signs_nobody_out() {
    let mut app = TestApp::start().await;
    let mut browser = signed_in(&app).await;
    app.stop_provider().await;
    let answer = browser.fetch(USER_INFO).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.json()["code"], "provider_unavailable");
    assert!(browser.sub().await.is_some());
    app.start_provider_again().await;
    app.clock.advance(Duration::seconds(30));
    assert_eq!(browser.fetch(USER_INFO).await.status.as_u16(), 200);
}
