//! The provider ends sessions, and nobody else does. The conformance suite's modules are in `conformance`.

use crate::support::{
    Endpoint, HostileApp, SignedToken, Signer, TestBrowser, at, id_token, jwks, nothing,
};
use reqwest::Method;
use serde_json::json;
use time::Duration;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn signed_in() -> (HostileApp, TestBrowser) {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    assert!(browser.sub().await.is_some());
    (app, browser)
}

/// One test for each row: its name, what is unusual about the logout token, and the status of the answer.
macro_rules! cases {
    ($($name:ident: $spoil:expr => $status:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            judge($spoil, $status).await;
        }
    )+};
}

cases! {
    b134_by_sid_only: |token| token.remove("sub") => 200;
    b134_by_sub_only: |token| token.remove("sid") => 200;
    t15_typ_absent: |token| token.header = json!({"alg": "ES384", "kid": "published"}) => 200;
    t15_typ_jwt: |token| token.header["typ"] = "JWT".into() => 200;
    t15_typ_in_capitals: |token| token.header["typ"] = "LOGOUT+JWT".into() => 200;
    t15_b139_typ_of_an_access_token: |token| token.header["typ"] = "at+jwt".into() => 400;
    t15_typ_of_something_else: |token| token.header["typ"] = "secevent+jwt".into() => 400;
    rs256: |token| token.sign_with(Signer::Rsa) => 200;
    kid_absent: |token| token.header = json!({"alg": "ES384"}) => 200;
    aud_a_list_of_us_alone: |token| token.set("aud", json!(["bookstore"])) => 200;
    exp_a_fraction: |token| token.set("exp", token.claims["exp"].as_f64().unwrap() + 0.5) => 200;
    b056_issued_45_s_from_now: |token| token.set_from_issue("iat", 45) => 200;
    b056_expired_45_s_ago: |token| token.set_from_issue("exp", -45) => 200;
    b131_iat_missing: |token| token.remove("iat") => 400;
    b131_iat_a_day_ago: |token| token.set_from_issue("iat", -86_400) => 400;
    b131_iat_61_s_from_now: |token| token.set_from_issue("iat", 61) => 400;
    b131_jti_missing: |token| token.remove("jti") => 400;
    b131_jti_empty: |token| token.set("jti", "") => 400;
    b131_exp_missing: |token| token.remove("exp") => 400;
    b131_exp_60_s_ago: |token| token.set_from_issue("exp", -60) => 400;
    b131_exp_59_s_ago: |token| token.set_from_issue("exp", -59) => 200;
    b131_exp_past: |token| token.set_from_issue("exp", -61) => 400;
    b131_exp_beyond_numbers: |token| token.set("exp", 1e300) => 400;
    b133_neither_sub_nor_sid: |token| {
        token.remove("sub");
        token.remove("sid");
    } => 400;
    b133_sub_and_sid_empty: |token| {
        token.set("sub", "");
        token.set("sid", "");
    } => 400;
    b138_an_id_token: |token| {
        token.header = json!({"alg": "ES384", "kid": "published"});
        token.remove("events");
        token.set("nonce", "n");
    } => 400;
    nonce_null: |token| token.set("nonce", json!(null)) => 400;
    t09_sub_twice: |token| token.rewrite = |json| json.replacen('{', r#"{"sub":"somebody-else","#, 1) => 400;
    b142_hs256_with_the_client_secret: |token| token.sign_with(Signer::ClientSecret) => 400;
    a_strangers_key: |token| token.signer = Signer::Stranger => 400;
    a_damaged_signature: SignedToken::damage_signature => 400;
    aud_with_a_stranger: |token| token.set("aud", json!(["bookstore", "stranger"])) => 400;
    aud_empty: |token| token.set("aud", json!([])) => 400;
    events_a_list: |token| token.set("events", json!([])) => 400;
    event_not_an_object: |token| {
        token.claims["events"]["http://schemas.openid.net/event/backchannel-logout"] = true.into();
    } => 400;
    crit: |token| token.header["crit"] = json!(["b64"]) => 400;
}

async fn judge(spoil: fn(&mut SignedToken), status: u16) {
    let (app, mut browser) = signed_in().await;
    let answer = app.back_channel_logout(&app.logout_token(spoil)).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(browser.sub().await.is_none(), status == 200);
    if status == 400 {
        assert_eq!(answer.json()["code"], "invalid_logout_token");
    }
}

#[tokio::test]
async fn b130_b145_only_one_token_in_a_form_is_read() {
    let (app, mut browser) = signed_in().await;
    let token = app.logout_token(|_| {});
    let json = ("content-type", "application/json");
    let multipart = ("content-type", "multipart/form-data; boundary=x");
    for (header, body) in [
        (FORM, String::new()),
        (FORM, "logout_token=".to_owned()),
        (FORM, "logout_token=a.b.c".to_owned()),
        (FORM, format!("LOGOUT_TOKEN={token}")),
        (FORM, format!("logout_token={token}&logout_token={token}")),
        (json, format!(r#"{{"logout_token":"{token}"}}"#)),
        (multipart, format!("logout_token={token}")),
    ] {
        let answer = post(&app, &[header], &body).await;
        assert_eq!(answer, 400, "{body}");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let address = format!("/backchannel-logout?logout_token={token}");
        let answer = app
            .browser()
            .send(method, &address, &[("x-csrf", "1")], "")
            .await;
        assert_eq!(answer.status, 405);
    }
    assert!(browser.sub().await.is_some());
}

async fn post(app: &HostileApp, headers: &[(&str, &str)], body: &str) -> u16 {
    let mut nobody = app.browser();
    let answer = nobody
        .send(Method::POST, "/backchannel-logout", headers, body)
        .await;
    answer.status.as_u16()
}

#[tokio::test]
async fn b146_a_large_body_is_refused_and_the_next_one_is_read() {
    let (app, mut browser) = signed_in().await;
    let token = app.logout_token(|_| {});
    let large = format!("logout_token={}", "a".repeat(10 << 20));
    assert_eq!(post(&app, &[FORM], &large).await, 413);
    let many = "a=b&".repeat(1_000);
    assert_eq!(post(&app, &[FORM], &many).await, 400);
    assert_eq!(
        post(&app, &[FORM], &format!("{many}logout_token={token}")).await,
        200
    );
    assert_eq!(browser.sub().await, None);
}

/// The provider is no browser: what a browser would send is neither needed nor in the way.
#[tokio::test]
async fn b147_neither_cookie_nor_csrf_header_is_needed_or_set() {
    let (app, mut browser) = signed_in().await;
    let token = app.logout_token(|_| {});
    let (origin, site) = (
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    );
    let answer = browser
        .send(
            Method::POST,
            "/backchannel-logout",
            &[FORM, origin, site],
            &format!("logout_token={token}"),
        )
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("set-cookie")),
        (200, "")
    );
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn b134_a_session_of_the_same_person_elsewhere_lives_on() {
    let (app, mut one) = signed_in().await;
    let mut other = app.browser();
    app.spoil(id_token(|token| token.set("sid", "another-session")));
    app.sign_in(&mut other).await;
    let token = app.logout_token(|token| token.set("sid", "another-session"));
    app.back_channel_logout(&token).await;
    assert_eq!(other.sub().await, None);
    assert!(one.sub().await.is_some());
}

#[tokio::test]
async fn b137_somebody_unknown_is_no_fault() {
    let (app, mut browser) = signed_in().await;
    let token = app.logout_token(|token| token.set("sid", "unknown"));
    assert_eq!(app.back_channel_logout(&token).await.status, 200);
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b131_a_captured_token_does_not_end_a_later_session() {
    let (app, mut browser) = signed_in().await;
    let token = app.logout_token(|_| {});
    assert_eq!(app.back_channel_logout(&token).await.status, 200);

    app.sign_in(&mut browser).await;
    assert_eq!(app.back_channel_logout(&token).await.status, 400);
    app.clock.advance(Duration::minutes(11));
    assert_eq!(
        app.back_channel_logout(&token).await.status,
        400,
        "too old by now"
    );
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b143_a_token_signed_by_a_rotated_key_ends_the_session_after_one_search() {
    for sign in [
        (|token| token.sign_with(Signer::Successor)) as fn(&mut SignedToken),
        // New material under the old id, and no id at all: what is there does not verify.
        |token| token.signer = Signer::Stranger,
        |token| {
            token.signer = Signer::Successor;
            token.header = json!({"alg": "ES384"});
        },
    ] {
        let (app, mut browser) = signed_in().await;
        app.spoil(jwks(|keys| {
            *keys = vec![Signer::Successor.jwk(), Signer::Stranger.jwk()];
        }));
        assert_eq!(
            app.back_channel_logout(&app.logout_token(sign))
                .await
                .status,
            200
        );
        assert_eq!(browser.sub().await, None);
        assert_eq!(app.requests(Endpoint::Jwks), 2);
    }
}

#[tokio::test]
async fn b149_while_the_store_is_down_the_provider_is_told_to_try_again() {
    let app = HostileApp::start_with_file(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let token = app.logout_token(|_| {});
    app.break_store().await;
    let answer = app.back_channel_logout(&token).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["code"], "store_unavailable");

    app.mend_store().await;
    assert!(browser.sub().await.is_some());
    assert_eq!(app.back_channel_logout(&token).await.status, 200);
    assert_eq!(browser.sub().await, None);
}

/// The provider is asked for keys that are not known; when it does not answer, it has to try again.
#[tokio::test]
async fn a_token_that_cannot_be_verified_now_is_not_refused_for_good() {
    let app = HostileApp::start(at(Endpoint::Discovery, |reply| reply.status = 503)).await;
    let answer = app.back_channel_logout(&app.logout_token(|_| {})).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["code"], "provider_unavailable");
}

#[tokio::test]
async fn b151_b152_a_request_under_way_does_not_bring_a_killed_session_back() {
    let (app, mut browser) = signed_in().await;
    app.clock.advance(Duration::hours(1));
    app.spoil(at(Endpoint::Refresh, |reply| reply.held = true));
    let mut tab = browser.clone();
    let under_way = tokio::spawn(async move { tab.fetch("/api/auth/user-info").await });
    app.asked(Endpoint::Refresh, 1).await;

    assert_eq!(
        app.back_channel_logout(&app.logout_token(|_| {}))
            .await
            .status,
        200
    );
    app.release();
    under_way.await.unwrap();
    assert_eq!(browser.sub().await, None);
    assert_eq!(app.user_info(&mut browser).await.status, 401);
    assert_eq!(
        app.requests(Endpoint::Refresh),
        1,
        "the refresh token is gone with the session"
    );
}

const FEW: [(&str, &str); 2] = [
    ("SIGN_IN_REQUESTS_PER_MINUTE", "2"),
    ("TRUSTED_PROXIES", "127.0.0.0/8"),
];

#[tokio::test]
async fn refused_tokens_of_one_address_are_limited_and_right_ones_are_not() {
    let app = HostileApp::start_with(&FEW, nothing()).await;
    let (right, forged) = (
        || app.logout_token(|_| {}),
        || app.logout_token(|token| token.signer = Signer::Stranger),
    );
    let (provider, stranger) = ("192.0.2.1", "198.51.100.7");
    for (address, token, status) in [
        (provider, right(), 200),
        (provider, right(), 200),
        (stranger, forged(), 400),
        (stranger, "nonsense".to_owned(), 400),
        (stranger, forged(), 429),
        (stranger, right(), 429),
        (provider, right(), 200),
    ] {
        let form = format!("logout_token={token}");
        let answer = app
            .browser()
            .send(
                Method::POST,
                "/backchannel-logout",
                &[FORM, ("x-forwarded-for", address)],
                &form,
            )
            .await;
        assert_eq!(answer.status, status, "{address}: {}", answer.body);
        if status == 429 {
            assert_eq!(answer.header("retry-after"), "60");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["code"], "rate_limited");
        }
    }
    app.clock.advance(Duration::MINUTE);
    let later = [FORM, ("x-forwarded-for", stranger)];
    assert_eq!(post(&app, &later, "logout_token=nonsense").await, 400);
}

#[tokio::test]
async fn a_token_that_cannot_be_verified_now_is_not_counted() {
    let down = at(Endpoint::Discovery, |reply| reply.status = 503);
    let app = HostileApp::start_with(&FEW, down).await;
    for _ in 0..3 {
        let answer = app.back_channel_logout(&app.logout_token(|_| {})).await;
        assert_eq!(answer.status, 503);
    }
}

#[tokio::test]
async fn q26_a_token_that_names_the_session_of_one_person_and_another_person_ends_nobodys() {
    let (app, mut ada) = signed_in().await;
    let mut others = Vec::new();
    for sid in [Some("session-of-grace"), None] {
        app.spoil(id_token(move |token| {
            token.set("sub", "grace");
            match sid {
                Some(sid) => token.set("sid", sid),
                None => token.remove("sid"),
            }
        }));
        let mut grace = app.browser();
        app.sign_in(&mut grace).await;
        others.push(grace);
    }
    let token = app.logout_token(|token| token.set("sub", "grace"));
    let answer = app.back_channel_logout(&token).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (400, Some("invalid_logout_token"))
    );
    assert!(ada.sub().await.is_some());
    for grace in &mut others {
        assert_eq!(grace.sub().await.as_deref(), Some("grace"));
    }
    let token = app.logout_token(|token| {
        token.set("sub", "grace");
        token.set("sid", "session-of-grace");
    });
    assert_eq!(app.back_channel_logout(&token).await.status, 200);
    for grace in &mut others {
        assert_eq!(grace.sub().await, None);
    }
    assert!(ada.sub().await.is_some());
}
