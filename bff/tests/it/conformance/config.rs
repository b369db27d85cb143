//! `oidcc-client-config-certification-test-plan`: everything is learnt from discovery.

use crate::support::{
    Endpoint,
    Expected::{Refused, SignedIn},
    HostileApp, Mutation, Signer, cases, discovery, id_token, jwks, nothing,
};
use shared::ProblemCode::InvalidIdToken;

cases! {
    rp_1b_04_idtoken_sig_none: id_token(|token| token.sign_with(Signer::Nobody)) => Refused(InvalidIdToken);
}

/// The endpoints are in another place at each start, so only a reader of discovery finds them.
#[tokio::test]
async fn rp_1b_01_discovery_openid_config() {
    let app = HostileApp::start(nothing()).await;
    app.judge(SignedIn).await;
    assert_eq!(app.requests(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn rp_1b_02_discovery_jwks_uri_keys() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let order: Vec<_> = app
        .requests_in_order()
        .into_iter()
        .map(|(endpoint, _)| endpoint)
        .collect();
    assert_eq!(
        order,
        [
            Endpoint::Discovery,
            Endpoint::Jwks,
            Endpoint::Authorization,
            Endpoint::Token
        ]
    );
}

#[tokio::test]
async fn rp_1b_03_discovery_issuer_mismatch() {
    let app = HostileApp::start(discovery(|document| {
        let issuer = document["issuer"].as_str().unwrap();
        document["issuer"] = format!("{issuer}INVALID").into();
    }))
    .await;
    let answer = app.browser().visit("/sign-in").await;
    assert_eq!((answer.status.as_u16(), answer.location()), (503, ""));
    assert_eq!(
        app.requests_in_order().len(),
        1,
        "discovery, and nothing after it"
    );
}

#[tokio::test]
async fn rp_1b_05_signing_key_rotation_just_before_signing() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    let callback = app.sign_in_until_callback(&mut browser).await;
    app.spoil(rotated());
    assert_eq!(browser.visit(&callback).await.location(), "/");
    assert_eq!(app.requests(Endpoint::Jwks), 2);
}

#[tokio::test]
async fn rp_1b_06_signing_key_rotation() {
    let app = HostileApp::start(nothing()).await;
    assert_eq!(app.sign_in(&mut app.browser()).await, "/");
    app.spoil(rotated());
    assert_eq!(app.sign_in(&mut app.browser()).await, "/");
    assert_eq!(app.requests(Endpoint::Jwks), 2);
}

/// The successor alone is published, and signs.
fn rotated() -> Mutation {
    jwks(|keys| *keys = vec![Signer::Successor.jwk()])
        .and(id_token(|token| token.sign_with(Signer::Successor)))
}
