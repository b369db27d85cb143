//! Token responses of a provider that lies, but for the ID token in them.

use crate::support::{
    CapturedLog, Endpoint,
    Expected::{Refused, SignedIn},
    HostileApp, SUB, at, cases, nothing, refresh, tokens,
};
use serde_json::{Value, json};
use shared::ProblemCode::{CodeRefused, InteractionRequired, ProviderUnavailable};
use time::Duration;
use tracing::Level;

fn remove(tokens: &mut Value, member: &str) {
    tokens.as_object_mut().unwrap().remove(member);
}

cases! {
    b063_no_id_token: at(Endpoint::Token, |reply| reply.id_token = None) => Refused(CodeRefused);
    b063_id_token_null: tokens(|tokens| tokens["id_token"] = json!(null)) => Refused(CodeRefused);
    b072_t06_a_line_break_in_the_access_token: tokens(|tokens| tokens["access_token"] = "a\nb".into()) => Refused(CodeRefused);
    b072_t06_nul_in_the_access_token: tokens(|tokens| tokens["access_token"] = "a\0b".into()) => Refused(CodeRefused);
    b072_t06_a_letter_beyond_ascii_in_the_access_token: tokens(|tokens| tokens["access_token"] = "é".into()) => Refused(CodeRefused);
    b072_access_token_empty: tokens(|tokens| tokens["access_token"] = "".into()) => Refused(CodeRefused);
    b072_access_token_missing: tokens(|tokens| remove(tokens, "access_token")) => Refused(CodeRefused);
    b073_t10_expires_in_beyond_dates: tokens(|tokens| tokens["expires_in"] = u64::MAX.into()) => Refused(CodeRefused);
    b073_expires_in_of_a_year: tokens(|tokens| tokens["expires_in"] = (366 * 86_400).into()) => SignedIn;
    b073_expires_in_longer_than_a_year: tokens(|tokens| tokens["expires_in"] = (366 * 86_400 + 1).into()) => Refused(CodeRefused);
    b073_expires_in_0: tokens(|tokens| tokens["expires_in"] = 0.into()) => Refused(CodeRefused);
    b073_t10_expires_in_negative: tokens(|tokens| tokens["expires_in"] = (-1).into()) => Refused(CodeRefused);
    b073_t10_expires_in_a_text: tokens(|tokens| tokens["expires_in"] = "3600".into()) => Refused(CodeRefused);
    b073_token_type_missing: tokens(|tokens| remove(tokens, "token_type")) => Refused(CodeRefused);
    b073_t10_token_type_mac: tokens(|tokens| tokens["token_type"] = "mac".into()) => Refused(CodeRefused);
    refresh_token_missing: tokens(|tokens| remove(tokens, "refresh_token")) => SignedIn;
    a_refusal_with_200: tokens(|tokens| *tokens = json!({"error": "invalid_grant"})) => Refused(CodeRefused);
    a_list: tokens(|tokens| *tokens = json!([])) => Refused(CodeRefused);
}

/// A renewed access token is checked like the first one.
#[tokio::test]
async fn b072_b073_a_wrong_refresh_response_is_not_used() {
    for spoil in [
        (|tokens| tokens["access_token"] = "a\nb".into()) as fn(&mut Value),
        |tokens| tokens["access_token"] = "".into(),
        |tokens| tokens["token_type"] = "mac".into(),
        |tokens| tokens["expires_in"] = u64::MAX.into(),
        |tokens| tokens["expires_in"] = (-1).into(),
        |tokens| remove(tokens, "access_token"),
    ] {
        let app = HostileApp::start(refresh(spoil)).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.clock.advance(Duration::hours(1));
        app.assert_user_info_refused(&mut browser, ProviderUnavailable)
            .await;
        assert_eq!(app.requests(Endpoint::UserInfo), 0);
    }
}

#[tokio::test]
async fn q42_seconds_with_a_fraction_are_taken_and_a_wrong_member_is_named() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let app = HostileApp::start(tokens(|tokens| tokens["expires_in"] = json!(3600.0))).await;
    app.judge(SignedIn).await;
    for member in ["expires_in", "token_type", "scope", "refresh_token"] {
        app.spoil(tokens(move |tokens| tokens[member] = json!(["x"])));
        let landed = app.sign_in(&mut app.browser()).await;
        assert!(landed.contains(CodeRefused.as_str()), "{member} {landed}");
        let cause = format!("the token response is wrong: {member}");
        assert!(log.text().contains(&cause), "{cause} in {}", log.text());
    }
}

/// The refresh token that was used is spent then, so the next one is kept.
#[tokio::test]
async fn q42_a_refresh_response_with_one_wrong_member_does_not_cost_the_session() {
    for (member, value) in [
        ("expires_in", json!("soon")),
        ("access_token", json!(7)),
        ("token_type", json!(null)),
        ("scope", json!(["openid"])),
        ("id_token", json!({})),
    ] {
        let app = HostileApp::start(nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.spoil(refresh(move |tokens| tokens[member] = value.clone()));
        app.clock.advance(Duration::hours(1));
        app.assert_user_info_refused(&mut browser, ProviderUnavailable)
            .await;
        app.spoil(nothing());
        app.clock.advance(Duration::minutes(10));
        assert_eq!(app.user_info(&mut browser).await.status, 200, "{member}");
    }
}

/// The provider takes each refresh token once, unless it gave no other.
#[tokio::test]
async fn q42_an_empty_refresh_token_is_none() {
    let app = HostileApp::start(tokens(|tokens| tokens["refresh_token"] = "".into())).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    app.assert_user_info_refused(&mut browser, InteractionRequired)
        .await;
    assert_eq!(app.requests(Endpoint::Refresh), 0);
}

#[tokio::test]
async fn q42_an_error_that_the_specification_does_not_have_is_named_in_the_log() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    for error in ["temporarily_unavailable", "invalid_target", "slow_down"] {
        let app = HostileApp::start(at(Endpoint::Token, move |reply| {
            reply.status = 400;
            reply.json = json!({"error": error});
            reply.id_token = None;
        }))
        .await;
        app.sign_in(&mut app.browser()).await;
        let cause = format!("the token endpoint answered `{error}`");
        assert!(log.text().contains(&cause), "{cause} in {}", log.text());
    }
}

/// OpenID Connect Core 1.0, section 12.2: a refresh need not give an ID token.
#[tokio::test]
async fn a_refresh_without_an_id_token_keeps_the_claims() {
    let app = HostileApp::start(at(Endpoint::Refresh, |reply| reply.id_token = None)).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    assert_eq!(browser.sub().await.as_deref(), Some(SUB));
    assert_eq!(app.requests(Endpoint::Refresh), 1);
}

#[tokio::test]
async fn b159_a_refresh_that_is_refused_ends_the_session_and_is_not_tried_again() {
    let app = HostileApp::start(at(Endpoint::Refresh, |reply| {
        reply.status = 400;
        reply.json = json!({"error": "invalid_grant"});
        reply.id_token = None;
    }))
    .await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    for _ in 0..3 {
        let answer = app.user_info(&mut browser).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["code"], "not_signed_in");
    }
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    assert_eq!(app.requests(Endpoint::UserInfo), 0);
    assert_eq!(browser.sub().await, None);
}

/// Answers that end a session must say so: a fault that passes does not.
#[tokio::test]
async fn b166_a_refresh_of_a_client_that_is_not_known_signs_nobody_out() {
    let app = HostileApp::start(at(Endpoint::Refresh, |reply| {
        reply.status = 401;
        reply.json = json!({"error": "invalid_client"});
        reply.id_token = None;
    }))
    .await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    app.assert_user_info_refused(&mut browser, ProviderUnavailable)
        .await;
}

/// No request of ours names `max_age`, so no `auth_time` has to be there: a request that names it breaks a rule of the provider.
#[tokio::test]
async fn b068_max_age_cannot_be_asked_for() {
    let app = HostileApp::start(nothing()).await;
    let answer = app.browser().visit("/sign-in?max_age=1").await;
    assert!(answer.status == 303 && !answer.location().contains("max_age"));
    app.judge(SignedIn).await;
}
