//! Logto's webhook: a person who is deleted or suspended loses the sessions, by a signed and fresh word only.

use crate::support::{
    Answer, Endpoint, HostileApp, SUB, TestApp, TestBrowser, nothing, refreshed_id_token,
};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use shared::{SessionEvent, SignedOut, SignedOutReason};
use time::{Duration, format_description::well_known::Rfc3339};

const PHONE: &str = "8613900000000";
const KEY: &str = "webhook-signing-key";

async fn app() -> TestApp {
    TestApp::start_with(&[("LOGTO_WEBHOOK_SIGNING_KEY", KEY)]).await
}

fn sign(key: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .unwrap()
        .chain_update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn payload(app: &TestApp, event: &str, rest: Value) -> Value {
    let mut payload = json!({"hookId": "h", "event": event, "createdAt": app.clock.now().format(&Rfc3339).unwrap()});
    payload
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    payload
}

async fn post(app: &TestApp, body: &str, signature: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("logto-signature-sha-256", signature),
    ];
    app.browser()
        .send(Method::POST, "/webhooks/logto", &headers, body)
        .await
}

async fn post_signed(app: &TestApp, payload: &Value) -> u16 {
    let body = payload.to_string();
    post(app, &body, &sign(KEY, &body)).await.status.as_u16()
}

async fn signed_in(app: &TestApp) -> (TestBrowser, String) {
    let mut browser = app.browser();
    browser.sign_in(app, PHONE, "/").await;
    let sub = browser.sub().await.unwrap();
    (browser, sub)
}

#[tokio::test]
async fn an_event_that_repeats_much_custom_data_counts() {
    let app = app().await;
    let (mut browser, sub) = signed_in(&app).await;
    let data =
        json!({"id": sub, "isSuspended": true, "customData": {"notes": "x".repeat(100_000)}});
    let event = payload(&app, "User.SuspensionStatus.Updated", json!({"data": data}));
    assert_eq!(post_signed(&app, &event).await, 200);
    assert_eq!(browser.sub().await, None);
    let data = json!({"notes": "x".repeat(2_000_000)});
    let event = payload(&app, "User.Created", json!({"data": data}));
    assert_eq!(post_signed(&app, &event).await, 413);
}

#[tokio::test]
async fn a_person_who_is_deleted_or_suspended_loses_the_sessions() {
    let app = app().await;
    for (event, rest) in [
        (
            "User.Deleted",
            (|sub| json!({"data": null, "params": {"userId": sub}})) as fn(&str) -> Value,
        ),
        ("User.Deleted", |sub| json!({"data": {"id": sub}})),
        (
            "User.SuspensionStatus.Updated",
            |sub| json!({"data": {"id": sub, "isSuspended": true}}),
        ),
    ] {
        let (mut browser, sub) = signed_in(&app).await;
        assert_eq!(
            post_signed(&app, &payload(&app, event, rest(&sub))).await,
            200
        );
        assert_eq!(browser.sub().await, None, "{event}");
    }
}

#[tokio::test]
async fn other_events_and_other_people_change_nothing() {
    let app = app().await;
    let (mut browser, sub) = signed_in(&app).await;
    for payload in [
        payload(
            &app,
            "User.SuspensionStatus.Updated",
            json!({"data": {"id": sub, "isSuspended": false}}),
        ),
        payload(&app, "User.Data.Updated", json!({"data": {"id": sub}})),
        payload(
            &app,
            "User.Deleted",
            json!({"params": {"userId": "somebody-else"}}),
        ),
        payload(&app, "User.Deleted", json!({})),
    ] {
        assert_eq!(post_signed(&app, &payload).await, 200, "{payload}");
    }
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn a_word_that_is_not_logtos_or_not_fresh_is_refused() {
    let app = app().await;
    let (mut browser, sub) = signed_in(&app).await;
    let right = payload(&app, "User.Deleted", json!({"params": {"userId": sub}})).to_string();
    for signature in [
        "",
        "zz",
        &sign("another key", &right),
        &sign(KEY, "another body"),
        &sign(KEY, &right)[2..],
    ] {
        let answer = post(&app, &right, signature).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (401, Some("invalid_webhook")),
            "{signature}"
        );
    }
    assert_eq!(
        post(&app, "not JSON", &sign(KEY, "not JSON"))
            .await
            .status
            .as_u16(),
        401
    );

    app.clock.advance(Duration::minutes(10) + Duration::SECOND);
    assert_eq!(
        post(&app, &right, &sign(KEY, &right)).await.status.as_u16(),
        401,
        "a replay"
    );
    app.clock.advance(-Duration::minutes(12));
    assert_eq!(
        post(&app, &right, &sign(KEY, &right)).await.status.as_u16(),
        401,
        "from the future"
    );
    app.clock.advance(Duration::minutes(2));
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn without_a_signing_key_there_is_no_webhook() {
    let app = TestApp::start().await;
    let body = payload(&app, "User.Deleted", json!({})).to_string();
    assert_eq!(
        post(&app, &body, &sign("", &body)).await.status.as_u16(),
        404
    );
}

#[tokio::test]
async fn an_open_page_is_told_that_the_account_was_suspended() {
    let app = app().await;
    let (mut browser, sub) = signed_in(&app).await;
    let mut events = browser.events().await;
    let data = json!({"data": {"id": sub, "isSuspended": true}});
    let event = payload(&app, "User.SuspensionStatus.Updated", data);
    assert_eq!(post_signed(&app, &event).await, 200);
    let reason = SignedOutReason::AccountClosed;
    let signed_out = SessionEvent::SignedOut(SignedOut { reason });
    assert_eq!(events.next().await, Some(signed_out));
}

/// Membership and roles are claims of people who need not sign in again for them.
#[tokio::test]
async fn q29_the_claims_of_people_that_an_event_names_are_renewed() {
    for (event, rest) in [
        (
            "Organization.Membership.Updated",
            json!({"data": null, "organizationId": "o", "params": {"id": "o", "userId": SUB}}),
        ),
        (
            "Organization.Membership.Updated",
            json!({"organizationId": "o", "addedUserIds": ["somebody-else", SUB]}),
        ),
        (
            "Organization.Membership.Updated",
            json!({"data": {"removedUserIds": [SUB]}}),
        ),
        (
            "OrganizationRole.Data.Updated",
            json!({"params": {"userIds": [SUB]}}),
        ),
        (
            "Role.Data.Updated",
            json!({"data": {"id": "role"}, "userId": SUB}),
        ),
        (
            "User.Data.Updated",
            json!({"data": {"id": SUB, "name": "Grace"}, "params": {"userId": SUB}}),
        ),
    ] {
        let app = HostileApp::start_with(&[("LOGTO_WEBHOOK_SIGNING_KEY", KEY)], nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let mut events = browser.events().await;
        app.spoil(refreshed_id_token(|token| {
            token.set("roles", json!(["editor"]));
        }));
        let mut payload =
            json!({"event": event, "createdAt": app.clock.now().format(&Rfc3339).unwrap()});
        payload
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        let body = payload.to_string();
        let headers = [("logto-signature-sha-256", &*sign(KEY, &body))];
        let mut logto = app.browser();
        let answer = logto
            .send(Method::POST, "/webhooks/logto", &headers, &body)
            .await;
        assert_eq!(answer.status, 200);
        let changed = events.next().await;
        assert!(
            matches!(changed, Some(SessionEvent::ClaimsChanged(_))),
            "{payload}"
        );
        assert_eq!(app.requests(Endpoint::Refresh), 1);
    }
}
