//! Token answers of a provider that lies: nobody is signed in, and the reason is stable.

use crate::support::{HostileApp, Signer, Spoilt};
use serde_json::{Value, json};
use shared::AuthStatus;

type Mutation = (&'static str, fn(&mut Spoilt));

async fn location_after(mutation: fn(&mut Spoilt)) -> (String, AuthStatus) {
    let app = HostileApp::start(mutation).await;
    let mut browser = app.browser();
    let location = app.sign_in(&mut browser).await;
    let status = browser.status().await;
    assert_eq!(app.requests("token"), 1);
    (location, status)
}

async fn assert_refused(reason: &str, mutations: &[Mutation]) {
    for (name, mutation) in mutations {
        let (location, status) = location_after(*mutation).await;
        assert_eq!(
            location,
            format!("/sign-in-failed?reason={reason}"),
            "{name}"
        );
        assert_eq!(status, AuthStatus::SignedOut, "{name}");
    }
}

fn remove(value: &mut Value, member: &str) {
    value
        .as_object_mut()
        .unwrap()
        .remove(member)
        .expect("was there");
}

/// The right value with one character more.
fn append_1(value: &mut Value) {
    *value = json!(format!("{}1", value.as_str().unwrap()));
}

#[tokio::test]
async fn rp_1a_01_a_right_answer_signs_in() {
    let accepted: &[Mutation] = &[
        ("as it is", |_| {}),
        ("rp_1a_08 RS256 by the published RSA key", |answer| {
            answer.header = json!({"alg": "RS256", "kid": "published-rsa"});
            answer.signer = Signer::PublishedRsa;
        }),
        ("b057 aud is a list of us alone", |answer| {
            answer.claims["aud"] = json!(["bookstore"]);
        }),
        ("b054 exp is a fraction", |answer| {
            answer.claims["exp"] = json!(answer.claims["exp"].as_f64().unwrap() + 0.5);
        }),
        ("b056 issued 45 s from now", |answer| {
            answer.claims["iat"] = json!(answer.claims["iat"].as_i64().unwrap() + 45);
        }),
        ("b056 expired 45 s ago", |answer| {
            answer.claims["exp"] = json!(answer.claims["iat"].as_i64().unwrap() - 45);
        }),
        ("b073 token_type in any case", |answer| {
            answer.tokens["token_type"] = json!("bEaReR");
        }),
        ("b073 without expires_in", |answer| {
            remove(&mut answer.tokens, "expires_in");
        }),
        ("azp is us", |answer| {
            answer.claims["azp"] = json!("bookstore");
        }),
    ];
    for (name, mutation) in accepted {
        let (location, status) = location_after(*mutation).await;
        assert_eq!(location, "/", "{name}");
        assert!(matches!(status, AuthStatus::SignedIn { .. }), "{name}");
    }
}

#[tokio::test]
async fn rp_1a_an_id_token_with_a_wrong_claim_is_refused() {
    assert_refused(
        "invalid_id_token",
        &[
            ("rp_1a_02 iss", |answer| append_1(&mut answer.claims["iss"])),
            ("b062 iss with a slash", |answer| {
                answer.claims["iss"] =
                    json!(format!("{}/", answer.claims["iss"].as_str().unwrap()));
            }),
            ("rp_1a_04 aud", |answer| append_1(&mut answer.claims["aud"])),
            ("b057 aud with a stranger", |answer| {
                answer.claims["aud"] = json!(["bookstore", "stranger"]);
            }),
            ("b057 aud empty", |answer| answer.claims["aud"] = json!([])),
            ("rp_1a_12 nonce", |answer| {
                append_1(&mut answer.claims["nonce"]);
            }),
            ("b059 nonce missing", |answer| {
                remove(&mut answer.claims, "nonce");
            }),
            ("b054 expired", |answer| {
                answer.claims["exp"] = json!(answer.claims["iat"].as_i64().unwrap() - 61);
            }),
            ("b054 exp 0", |answer| answer.claims["exp"] = json!(0)),
            ("t08 iat in the future", |answer| {
                answer.claims["iat"] = json!(answer.claims["iat"].as_i64().unwrap() + 61);
            }),
            ("t08 iat 0", |answer| answer.claims["iat"] = json!(0)),
            ("t08 nbf in the future", |answer| {
                answer.claims["nbf"] = json!(answer.claims["iat"].as_i64().unwrap() + 61);
            }),
            ("t08 azp of another client", |answer| {
                answer.claims["azp"] = json!("stranger");
            }),
            ("t08 at_hash", |answer| {
                answer.claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            }),
            ("b061 sub empty", |answer| answer.claims["sub"] = json!("")),
            ("b061 sub of 256 characters", |answer| {
                answer.claims["sub"] = json!("a".repeat(256));
            }),
            ("b061 sub with a control character", |answer| {
                answer.claims["sub"] = json!("a\u{7}");
            }),
            ("b061 sub with a direction mark", |answer| {
                answer.claims["sub"] = json!("a\u{202e}");
            }),
        ],
    )
    .await;
}

#[tokio::test]
async fn t07_b045_b046_only_pinned_algorithms_and_the_providers_keys_count() {
    assert_refused(
        "invalid_id_token",
        &[
            ("rp_1a_09 none", |answer| {
                answer.header = json!({"alg": "none"});
                answer.signer = Signer::Nobody;
            }),
            ("rp_1a_10 a damaged signature", |answer| {
                answer.signature = Some(vec![1; 96]);
            }),
            ("b045 no signature", |answer| {
                answer.signature = Some(Vec::new());
            }),
            ("b045 a signature of zeros", |answer| {
                answer.signature = Some(vec![0; 96]);
            }),
            ("b046 HS256 with the client secret", |answer| {
                answer.header = json!({"alg": "HS256"});
                answer.signer = Signer::ClientSecret;
            }),
            ("b049 a stranger's key", |answer| {
                answer.signer = Signer::Stranger;
            }),
            ("b050 an unknown kid", |answer| {
                answer.header["kid"] = json!("../../etc/passwd");
            }),
            ("b066 an access token", |answer| {
                answer.header["typ"] = json!("at+jwt");
            }),
            ("b066 a logout token", |answer| {
                answer.header["typ"] = json!("logout+jwt");
            }),
            ("crit", |answer| answer.header["crit"] = json!(["b64"])),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_refused() {
    assert_refused(
        "code_refused",
        &[
            ("b063 no ID token", |answer| answer.without_id_token = true),
            ("rp_1a_03 sub missing", |answer| {
                remove(&mut answer.claims, "sub");
            }),
            ("rp_1a_05 iat missing", |answer| {
                remove(&mut answer.claims, "iat");
            }),
            ("b054 exp missing", |answer| {
                remove(&mut answer.claims, "exp");
            }),
            ("b054 exp is a text", |answer| {
                answer.claims["exp"] = json!("1795378301");
            }),
            ("b057 aud is a number", |answer| {
                answer.claims["aud"] = json!(1);
            }),
            ("b061 sub is a number", |answer| {
                answer.claims["sub"] = json!(1);
            }),
            ("b072 t06 a line break in the access token", |answer| {
                answer.tokens["access_token"] = json!("a\nb");
            }),
            ("b073 expires_in is negative", |answer| {
                answer.tokens["expires_in"] = json!(-1);
            }),
            ("b073 token_type mac", |answer| {
                answer.tokens["token_type"] = json!("mac");
            }),
            ("b073 token_type missing", |answer| {
                remove(&mut answer.tokens, "token_type");
            }),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once() {
    let app = HostileApp::start(|answer| answer.header["kid"] = json!("unknown")).await;
    let mut browser = app.browser();
    for _ in 0..3 {
        app.sign_in(&mut browser).await;
    }
    assert_eq!(
        app.requests("jwks"),
        2,
        "the first set, and one search within the throttle"
    );
    app.clock.advance(time::Duration::seconds(5));
    app.sign_in(&mut browser).await;
    assert_eq!(app.requests("jwks"), 3);
}

#[tokio::test]
async fn b211_many_sign_ins_at_once_ask_for_discovery_once() {
    let app = HostileApp::start(|_| {}).await;
    let sign_ins = (0..50).map(|_| {
        let mut browser = app.browser();
        tokio::spawn(async move { browser.visit("/sign-in").await.status.as_u16() })
    });
    for sign_in in sign_ins.collect::<Vec<_>>() {
        assert_eq!(sign_in.await.unwrap(), 303);
    }
    assert_eq!(app.requests("discovery"), 1);
}
