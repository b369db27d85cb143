//! Authorization requests that go to the provider behind the browser's back (RFC 9126), and a provider that does
//! not take them. What the browser then carries, and that a reference is used once, are rules of the provider.

use crate::support::{Endpoint, Expected::SignedIn, HostileApp, Mutation, Reply, at, pushed};
use serde_json::json;
use shared::ProblemCode::{self, ProviderRefused, ProviderUnavailable};
use url::Url;

#[tokio::test]
async fn the_browser_carries_only_a_reference() {
    let app = HostileApp::start(pushed()).await;
    let request = app.browser().visit("/sign-in").await;
    let request: Url = request.location().parse().unwrap();
    let names: Vec<_> = request
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    app.judge(SignedIn).await;
    assert_eq!(app.requests(Endpoint::PushedAuthorization), 2);
}

#[tokio::test]
async fn a_provider_that_answers_200_is_understood() {
    let app = HostileApp::start(spoilt(|reply| reply.status = 200)).await;
    app.judge(SignedIn).await;
}

#[tokio::test]
async fn the_settings_can_forbid_it() {
    let settings = [("PUSHED_AUTHORIZATION_REQUESTS", "false")];
    let app = HostileApp::start_with(&settings, pushed()).await;
    app.judge(SignedIn).await;
    assert_eq!(app.requests(Endpoint::PushedAuthorization), 0);
}

fn spoilt(spoil: fn(&mut Reply)) -> Mutation {
    pushed().and(at(Endpoint::PushedAuthorization, spoil))
}

/// One test for each row: its name, how the provider lies, and the problem on the page.
macro_rules! cases {
    ($($name:ident: $spoil:expr => $code:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            judge($spoil, $code).await;
        }
    )+};
}

cases! {
    refused_with_400: |reply| {
        reply.status = 400;
        reply.json = json!({"error": "invalid_request"});
    } => ProviderRefused;
    b221_refused_with_401: |reply| {
        reply.status = 401;
        reply.json = json!({"error": "invalid_client"});
    } => ProviderRefused;
    b221_429: |reply| reply.status = 429 => ProviderUnavailable;
    b221_500: |reply| reply.status = 500 => ProviderUnavailable;
    b176_a_redirect: |reply| reply.moved("/elsewhere") => ProviderRefused;
    b222_html: |reply| reply.html(201) => ProviderUnavailable;
    b222_empty: |reply| reply.raw = Some(Vec::new()) => ProviderUnavailable;
    request_uri_missing: |reply| reply.json = json!({"expires_in": 60}) => ProviderUnavailable;
    request_uri_empty: |reply| reply.json["request_uri"] = "".into() => ProviderUnavailable;
    request_uri_a_number: |reply| reply.json["request_uri"] = 1.into() => ProviderUnavailable;
    expires_in_0: |reply| reply.json["expires_in"] = 0.into() => ProviderUnavailable;
    expires_in_negative: |reply| reply.json["expires_in"] = (-1).into() => ProviderUnavailable;
    expires_in_missing: |reply| { reply.json.as_object_mut().unwrap().remove("expires_in"); } => ProviderUnavailable;
}

/// No half sign-in: the person gets a page, the browser no cookie, and the next try works.
async fn judge(spoil: fn(&mut Reply), code: ProblemCode) {
    let app = HostileApp::start(spoilt(spoil)).await;
    let mut browser = app.browser();
    let answer = browser.visit("/sign-in").await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (code.status(), "")
    );
    let problem = format!(r#""code":"{}""#, code.as_str());
    assert!(answer.body.contains(&problem), "{}", answer.body);
    assert!(browser.cookies.is_empty());
    app.spoil(pushed());
    app.judge(SignedIn).await;
}
