//! The provider ends sessions, and nobody else does.

use crate::support::{HostileApp, Signer, Spoilt};
use reqwest::Method;
use serde_json::json;
use time::Duration;

type Mutation = (&'static str, fn(&mut Spoilt));

fn remove(token: &mut Spoilt, member: &str) {
    token
        .claims
        .as_object_mut()
        .unwrap()
        .remove(member)
        .expect("was there");
}

fn append_1(token: &mut Spoilt, member: &str) {
    token.claims[member] = json!(format!("{}1", token.claims[member].as_str().unwrap()));
}

#[tokio::test]
async fn rp_1d_01_a_right_token_ends_the_session() {
    for (name, mutation) in [
        ("as it is", (|_| {}) as fn(&mut Spoilt)),
        ("b134 by sid only", |token| remove(token, "sub")),
        ("b134 by sub only", |token| remove(token, "sid")),
        ("t15 typ absent", |token| {
            token.header = json!({"alg": "ES384", "kid": "published"});
        }),
        ("t15 typ JWT", |token| token.header["typ"] = json!("JWT")),
        ("aud is a list of us alone", |token| {
            token.claims["aud"] = json!(["bookstore"]);
        }),
        ("no kid", |token| token.header = json!({"alg": "ES384"})),
    ] {
        let app = HostileApp::start(|_| {}).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        assert!(browser.sub().await.is_some());

        let answer = app.back_channel_logout(&app.logout_token(mutation)).await;
        assert_eq!(
            (
                answer.status.as_u16(),
                answer.header("cache-control"),
                answer.header("set-cookie")
            ),
            (200, "no-store", ""),
            "{name}"
        );
        assert_eq!(browser.sub().await, None, "{name}");
    }
}

#[tokio::test]
async fn rp_1d_a_wrong_token_is_answered_400_and_ends_nothing() {
    let app = HostileApp::start(|_| {}).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mutations: &[Mutation] = &[
        ("rp_1d_02 alg none", |token| {
            token.header["alg"] = json!("none");
            token.signer = Signer::Nobody;
        }),
        ("rp_1d_03 no events", |token| remove(token, "events")),
        ("rp_1d_04 a nonce", |token| {
            token.claims["nonce"] = json!("n");
        }),
        ("rp_1d_05 an algorithm that is not pinned", |token| {
            token.header["alg"] = json!("ES256");
        }),
        ("rp_1d_06 aud", |token| append_1(token, "aud")),
        ("rp_1d_07 another event", |token| {
            token.claims["events"] = json!({"http://schemas.openid.net/event/foobar": {}});
        }),
        ("rp_1d_08 iss", |token| append_1(token, "iss")),
        ("b131 no iat", |token| remove(token, "iat")),
        ("b131 no jti", |token| remove(token, "jti")),
        ("b131 no exp", |token| remove(token, "exp")),
        ("b131 a day old", |token| {
            token.claims["iat"] = json!(token.claims["iat"].as_i64().unwrap() - 86_400);
        }),
        ("b131 expired", |token| {
            token.claims["exp"] = json!(token.claims["iat"].as_i64().unwrap() - 61);
        }),
        ("iat in the future", |token| {
            token.claims["iat"] = json!(token.claims["iat"].as_i64().unwrap() + 61);
        }),
        ("exp beyond numbers", |token| {
            token.claims["exp"] = json!(1e300);
        }),
        ("b133 neither sub nor sid", |token| {
            remove(token, "sub");
            remove(token, "sid");
        }),
        ("sub and sid empty", |token| {
            token.claims["sub"] = json!("");
            token.claims["sid"] = json!("");
        }),
        ("b139 an access token", |token| {
            token.header["typ"] = json!("at+jwt");
        }),
        ("b142 HS256 with the client secret", |token| {
            token.header = json!({"alg": "HS256"});
            token.signer = Signer::ClientSecret;
        }),
        ("a stranger's key", |token| token.signer = Signer::Stranger),
        ("a damaged signature", |token| {
            token.signature = Some(vec![1; 96]);
        }),
        ("aud with a stranger", |token| {
            token.claims["aud"] = json!(["bookstore", "stranger"]);
        }),
        ("events is a list", |token| {
            token.claims["events"] = json!([]);
        }),
        ("crit", |token| token.header["crit"] = json!(["b64"])),
    ];
    for (name, mutation) in mutations {
        let answer = app.back_channel_logout(&app.logout_token(mutation)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("cache-control")),
            (400, "no-store"),
            "{name}"
        );
        assert_eq!(answer.json()["code"], "invalid_logout_token", "{name}");
    }
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b130_b145_only_one_token_in_a_form_is_read() {
    let app = HostileApp::start(|_| {}).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let token = app.logout_token(|_| {});
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (header, body) in [
        (form, String::new()),
        (form, "logout_token=".to_owned()),
        (form, "logout_token=a.b.c".to_owned()),
        (form, format!("logout_token={token}&logout_token={token}")),
        (
            ("content-type", "application/json"),
            format!(r#"{{"logout_token":"{token}"}}"#),
        ),
        (
            ("content-type", "multipart/form-data; boundary=x"),
            format!("logout_token={token}"),
        ),
    ] {
        let answer = app
            .browser()
            .send(Method::POST, "/backchannel-logout", &[header], &body)
            .await;
        assert_eq!(answer.status.as_u16(), 400, "{body}");
    }
    for method in [Method::GET, Method::PUT] {
        let answer = app
            .browser()
            .send(method, "/backchannel-logout", &[("x-csrf", "1")], "")
            .await;
        assert_eq!(answer.status.as_u16(), 405);
    }
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b134_a_session_of_the_same_person_elsewhere_lives_on() {
    let app = HostileApp::start(|answer| {
        // Each sign-in happens in another session of the provider.
        let nonce = answer.claims["nonce"].clone();
        answer.claims["sid"] = nonce;
    })
    .await;
    let (mut one, mut other) = (app.browser(), app.browser());
    app.sign_in(&mut one).await;
    let (_, sid) = app.sign_in_with_nonce(&mut other).await;
    app.back_channel_logout(&app.logout_token(|token| token.claims["sid"] = json!(sid)))
        .await;
    assert_eq!(other.sub().await, None);
    assert!(one.sub().await.is_some());
}

#[tokio::test]
async fn b137_somebody_unknown_is_no_fault() {
    let app = HostileApp::start(|_| {}).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let answer = app
        .back_channel_logout(&app.logout_token(|token| token.claims["sid"] = json!("unknown")))
        .await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b131_a_captured_token_does_not_end_a_later_session() {
    let app = HostileApp::start(|_| {}).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let token = app.logout_token(|_| {});
    assert_eq!(app.back_channel_logout(&token).await.status.as_u16(), 200);

    app.sign_in(&mut browser).await;
    assert_eq!(app.back_channel_logout(&token).await.status.as_u16(), 400);
    app.clock.advance(Duration::minutes(11));
    assert_eq!(
        app.back_channel_logout(&token).await.status.as_u16(),
        400,
        "too old by now"
    );
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b138_an_id_token_is_no_logout_token() {
    let app = HostileApp::start(|_| {}).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let id_token = app.logout_token(|token| {
        token.header = json!({"alg": "ES384", "kid": "published"});
        remove(token, "events");
        token.claims["nonce"] = json!("n");
    });
    assert_eq!(
        app.back_channel_logout(&id_token).await.status.as_u16(),
        400
    );
    assert!(browser.sub().await.is_some());
}
