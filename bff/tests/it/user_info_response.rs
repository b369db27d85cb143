//! Userinfo of a provider that lies: who is signed in stays so, and wrong claims are never visible.

use crate::support::{
    CapturedLog, Endpoint, Expected::UserInfoRefused, HostileApp, Reply, SUB, at, cases, id_token,
    nothing, user_info,
};
use serde_json::json;
use shared::ProblemCode::{InteractionRequired, InvalidUserInfo, ProviderUnavailable};
use time::Duration;
use tracing::Level;

cases! {
    b069_sub_missing: user_info(|claims| { claims.as_object_mut().unwrap().remove("sub"); }) => UserInfoRefused(ProviderUnavailable);
    b069_sub_empty: user_info(|claims| claims["sub"] = "".into()) => UserInfoRefused(InvalidUserInfo);
    b069_sub_in_other_case: user_info(|claims| claims["sub"] = SUB.to_uppercase().into()) => UserInfoRefused(InvalidUserInfo);
    b069_sub_a_number: user_info(|claims| claims["sub"] = 1.into()) => UserInfoRefused(ProviderUnavailable);
    b071_t09_a_list: user_info(|claims| *claims = json!([claims.take()])) => UserInfoRefused(ProviderUnavailable);
    b071_html: at(Endpoint::UserInfo, |reply| reply.html(200)) => UserInfoRefused(ProviderUnavailable);
    b071_claims_that_are_said_to_be_html: at(Endpoint::UserInfo, |reply| reply.header("content-type", "text/html")) => UserInfoRefused(ProviderUnavailable);
    b071_204: at(Endpoint::UserInfo, |reply| reply.status = 204) => UserInfoRefused(ProviderUnavailable);
    b071_5_mib: user_info(|claims| claims["name"] = "n".repeat(5 << 20).into()) => UserInfoRefused(ProviderUnavailable);
    b071_a_redirect: at(Endpoint::UserInfo, |reply| reply.moved("/elsewhere")) => UserInfoRefused(ProviderUnavailable);
    b071_held_until_our_patience_ends: at(Endpoint::UserInfo, |reply| reply.held = true) => UserInfoRefused(ProviderUnavailable);
}

#[tokio::test]
async fn q43_a_media_type_that_is_not_json_is_named_in_the_log() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let signed = at(Endpoint::UserInfo, |reply| {
        reply.header("content-type", "application/jwt");
    });
    let app = HostileApp::start(signed).await;
    app.judge(UserInfoRefused(ProviderUnavailable)).await;
    let text = log.text();
    assert!(
        text.contains("the media type is `application/jwt`"),
        "{text}"
    );
}

#[tokio::test]
async fn b069_the_claims_of_somebody_else_are_not_visible_anywhere() {
    let app = HostileApp::start(user_info(|claims| {
        claims["sub"] = "somebody-else".into();
        claims["name"] = "Mallory".into();
    }))
    .await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let before = browser.fetch("/api/auth/status").await.body;
    let answer = app.user_info(&mut browser).await;
    assert_eq!(answer.status, InvalidUserInfo.status());
    assert_eq!(browser.fetch("/api/auth/status").await.body, before);
    let page = browser.visit("/").await.body;
    for text in [answer.body, before, page] {
        assert!(
            !text.contains("Mallory") && !text.contains("somebody-else"),
            "{text}"
        );
    }
}

/// An access token that is not accepted is renewed once, not again and again.
#[tokio::test]
async fn b071_an_access_token_that_is_not_accepted_is_renewed_once() {
    let refused = |reply: &mut Reply| {
        reply.status = 401;
        reply.header("www-authenticate", r#"Bearer error="invalid_token""#);
    };
    let app = HostileApp::start(at(Endpoint::UserInfo, refused)).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.assert_user_info_refused(&mut browser, InteractionRequired)
        .await;
    assert_eq!(app.requests(Endpoint::UserInfo), 2);
    assert_eq!(app.requests(Endpoint::Refresh), 1);
}

/// A person is issuer and subject. Phone number, e-mail address and name are what they have, not who they are.
#[tokio::test]
async fn b076_two_people_with_the_same_phone_number_stay_two() {
    let app = HostileApp::start(alike("one")).await;
    let (mut one, mut other) = (app.browser(), app.browser());
    app.sign_in(&mut one).await;
    app.spoil(alike("other"));
    app.sign_in(&mut other).await;
    assert_eq!(one.sub().await.as_deref(), Some("one"));
    assert_eq!(other.sub().await.as_deref(), Some("other"));

    one.post("/sign-out", r#"{"everywhere":true}"#).await;
    assert_eq!(other.sub().await.as_deref(), Some("other"));
}

fn alike(sub: &'static str) -> crate::support::Mutation {
    id_token(move |token| {
        token.set("sub", sub);
        token.set("phone_number", "8613900000000");
        token.set("email", "ada@example.com");
        token.set("name", "Ada");
    })
}

#[tokio::test]
async fn b077_profile_values_are_data_wherever_they_are_shown() {
    const NAME: &str = "</script><script>alert(1)</script>\u{202e}";
    let app = HostileApp::start(id_token(|token| {
        token.set("name", NAME);
        token.set("picture", "javascript:alert(1)");
    }))
    .await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let status = browser.fetch("/api/auth/status").await;
    assert_eq!(status.header("content-type"), "application/json");
    assert_eq!(status.json()["claims"]["name"], NAME);
    let page = browser.visit("/").await.body;
    assert!(
        page.contains("alert(1)") && !page.contains("<script>alert(1)"),
        "{page}"
    );
}

#[tokio::test]
async fn b220_a_request_that_hangs_at_userinfo_does_not_hold_up_others() {
    let app = HostileApp::start(at(Endpoint::UserInfo, |reply| reply.held = true)).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mut tab = browser.clone();
    let hanging =
        tokio::spawn(async move { tab.fetch("/api/auth/user-info").await.status.as_u16() });
    app.asked(Endpoint::UserInfo, 1).await;
    assert!(browser.sub().await.is_some());
    app.clock.advance(Duration::MINUTE);
    assert_eq!(browser.visit("/").await.status, 200);
    app.spoil(nothing());
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    app.release();
    assert_eq!(hanging.await.unwrap(), 200);
}
