//! `oidcc-client-rp-initiated-logout-rp-basic`: the provider's session is ended, and the person comes back. That the
//! hint, the address and the state are right is a rule of the hostile provider's.

use crate::support::{Endpoint, HostileApp, nothing};
use serde_json::json;
use url::Url;

/// Signs in and out, and comes back with what `state_of` makes of the state that was sent.
async fn sign_out_and_return(state_of: fn(&str) -> String) {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let answer = browser.post("/sign-out", "{}").await.json();
    let end_session = answer["redirectTo"].as_str().unwrap();
    app.visit_provider(&mut browser, end_session).await;
    assert_eq!(app.requests(Endpoint::EndSession), 1);

    let request: Url = end_session.parse().unwrap();
    let value = |name: &str| {
        request
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
    };
    let mut back: Url = value("post_logout_redirect_uri").parse().unwrap();
    let query = state_of(&value("state"));
    back.set_query((!query.is_empty()).then_some(&query));

    let page = browser.go(back.as_str()).await;
    assert_eq!(
        (page.status.as_u16(), page.url.path(), page.url.query()),
        (200, "/", None)
    );
    assert!(
        page.body.contains(r#"{"isAuthenticated":false}"#),
        "{}",
        page.body
    );
    let status = browser.fetch("/api/auth/status").await.json();
    assert_eq!(status, json!({"isAuthenticated": false}));
}

#[tokio::test]
async fn rp_1c_01_rp_init_logout() {
    sign_out_and_return(|state| format!("state={state}")).await;
}

#[tokio::test]
async fn rp_1c_02_b120_rp_init_logout_other_state() {
    sign_out_and_return(|state| format!("state={state}1")).await;
}

#[tokio::test]
async fn rp_1c_03_b120_rp_init_logout_no_state() {
    sign_out_and_return(|_| String::new()).await;
}
