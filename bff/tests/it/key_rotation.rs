//! The provider's signing keys change: a sign-in works after at most one look for newer ones.

use crate::support::{
    Endpoint,
    Expected::{Refused, SignedIn},
    HostileApp, Mutation, Signer, at, id_token, jwks, nothing,
};
use shared::ProblemCode::InvalidIdToken;
use time::Duration;

/// These keys are published, and this one signs.
fn rotated(published: &'static [Signer], signer: Signer) -> Mutation {
    jwks(move |keys| *keys = published.iter().map(|signer| signer.jwk()).collect())
        .and(id_token(move |token| token.sign_with(signer)))
}

async fn sign_in(app: &HostileApp) {
    assert_eq!(app.sign_in(&mut app.browser()).await, "/");
}

#[tokio::test]
async fn b227_with_overlap() {
    let app = HostileApp::start(rotated(&[Signer::Published], Signer::Published)).await;
    sign_in(&app).await;
    app.spoil(rotated(
        &[Signer::Published, Signer::Successor],
        Signer::Published,
    ));
    sign_in(&app).await;
    assert_eq!(app.requests(Endpoint::Jwks), 1, "the old key still signs");
    app.spoil(rotated(
        &[Signer::Published, Signer::Successor],
        Signer::Successor,
    ));
    sign_in(&app).await;
    assert_eq!(app.requests(Endpoint::Jwks), 2);
}

#[tokio::test]
async fn b227_without_overlap_and_back_to_the_old_key() {
    let app = HostileApp::start(nothing()).await;
    sign_in(&app).await;
    app.spoil(rotated(&[Signer::Successor], Signer::Successor));
    sign_in(&app).await;
    assert_eq!(app.requests(Endpoint::Jwks), 2);
    app.clock.advance(Duration::seconds(5));
    app.spoil(rotated(&[Signer::Published], Signer::Published));
    sign_in(&app).await;
    assert_eq!(app.requests(Endpoint::Jwks), 3);
}

/// The stranger's key has the published one's id.
#[tokio::test]
async fn b227_a_kid_that_is_reused_with_new_material() {
    let app = HostileApp::start(nothing()).await;
    sign_in(&app).await;
    app.spoil(rotated(&[Signer::Stranger], Signer::Stranger));
    sign_in(&app).await;
    assert_eq!(app.requests(Endpoint::Jwks), 2);
    app.spoil(id_token(|token| token.sign_with(Signer::Published)));
    app.judge(Refused(InvalidIdToken)).await;
}

/// A key that was withdrawn verifies nothing once a newer set is known.
#[tokio::test]
async fn b227_a_withdrawn_key_is_forgotten() {
    let app = HostileApp::start(nothing()).await;
    sign_in(&app).await;
    app.spoil(rotated(&[Signer::Successor], Signer::Published));
    app.clock.advance(Duration::seconds(600));
    app.judge(Refused(InvalidIdToken)).await;
}

#[tokio::test]
async fn b050_an_unknown_key_is_looked_for_once_in_five_seconds() {
    let app = HostileApp::start(id_token(|token| token.header["kid"] = "unknown".into())).await;
    for _ in 0..3 {
        app.judge(Refused(InvalidIdToken)).await;
    }
    assert_eq!(
        app.requests(Endpoint::Jwks),
        2,
        "the first set, and one search"
    );
    app.clock.advance(Duration::seconds(5));
    app.judge(Refused(InvalidIdToken)).await;
    assert_eq!(app.requests(Endpoint::Jwks), 3);
}

/// A search that fails neither forgets the keys nor stops sign-ins by them.
#[tokio::test]
async fn b227_a_search_that_fails_keeps_the_keys() {
    let app = HostileApp::start(nothing()).await;
    sign_in(&app).await;
    app.spoil(
        at(Endpoint::Jwks, |reply| reply.status = 500)
            .and(id_token(|token| token.header["kid"] = "unknown".into())),
    );
    app.judge(Refused(InvalidIdToken)).await;
    app.spoil(nothing());
    app.judge(SignedIn).await;
}

/// A set without keys is a provider that is between two sets.
#[tokio::test]
async fn q32_an_empty_or_broken_key_set_makes_nobody_forget_the_keys() {
    for broken in [
        jwks(Vec::clear),
        jwks(|keys| *keys = vec![serde_json::json!({"kty": "made-up"})]),
        at(Endpoint::Jwks, |reply| {
            reply.raw = Some(b"{\"keys\":".to_vec());
        }),
        at(Endpoint::Jwks, |reply| reply.json = serde_json::json!({})),
    ] {
        let app = HostileApp::start(nothing()).await;
        sign_in(&app).await;
        app.spoil(broken);
        app.clock.advance(Duration::seconds(600));
        sign_in(&app).await;
        assert_eq!(app.requests(Endpoint::Jwks), 2);
        app.spoil(rotated(&[Signer::Successor], Signer::Successor));
        app.clock.advance(Duration::seconds(600));
        sign_in(&app).await;
    }
}

#[tokio::test]
async fn q32_a_key_for_other_operations_verifies_nothing() {
    for operations in [serde_json::json!(["encrypt"]), serde_json::json!([])] {
        let app = HostileApp::start(jwks(move |keys| {
            let mut key = Signer::Published.jwk();
            key["key_ops"] = operations.clone();
            *keys = vec![key];
        }))
        .await;
        app.judge(Refused(InvalidIdToken)).await;
    }
}
