//! The suite's plan for refresh tokens: an answer with a wrong ID token is not used.

use crate::support::{Endpoint, HostileApp, Mutation, SUB, nothing, refreshed_id_token};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use shared::ProblemCode;
use time::Duration;

/// Signs in, lets the access token expire, and asks for userinfo.
async fn judge(mutation: Mutation, expected: Option<ProblemCode>) {
    let app = HostileApp::start(mutation).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    if let Some(code) = expected {
        let answer = app.user_info(&mut browser).await;
        assert_eq!(answer.json()["code"], code.as_str(), "{}", answer.body);
        let ends = code == ProblemCode::NotSignedIn;
        assert_eq!(browser.sub().await.is_none(), ends);
        assert_eq!(
            app.requests(Endpoint::UserInfo),
            0,
            "the new access token is not used"
        );
    } else {
        let claims = app.user_info(&mut browser).await.json();
        assert_eq!(claims["sub"], SUB);
    }
    assert_eq!(app.requests(Endpoint::Refresh), 1);
}

#[tokio::test]
async fn the_nonce_of_the_sign_in_may_come_again() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let nonce = claims_of(&app.last_id_token())["nonce"].clone();
    assert!(nonce.is_string());
    app.spoil(refreshed_id_token(move |token| {
        token.set("nonce", nonce.clone());
    }));
    // Twice, for the nonce is then that of the ID token before.
    for _ in 0..2 {
        app.clock.advance(Duration::hours(1));
        app.user_info(&mut browser).await;
    }
    assert_eq!(app.requests(Endpoint::Refresh), 2);
    assert_eq!(app.requests(Endpoint::UserInfo), 2);
}

fn claims_of(id_token: &str) -> serde_json::Value {
    let payload = id_token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// One test for each row: its name, how the provider lies, and the problem, if there is one.
macro_rules! modules {
    ($($name:ident: $mutation:expr => $expected:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            judge($mutation, $expected).await;
        }
    )+};
}

/// The session lives on.
const REFUSED: Option<ProblemCode> = Some(ProblemCode::InvalidIdToken);
/// The ID token is about somebody else (OpenID Connect Core 1.0, section 12.2).
const ENDED: Option<ProblemCode> = Some(ProblemCode::NotSignedIn);

modules! {
    rp_1e_01_refresh_token: nothing() => None;
    rp_1e_02_refresh_token_invalid_issuer: refreshed_id_token(|token| token.append("iss", "1")) => ENDED;
    rp_1e_03_refresh_token_invalid_sub: refreshed_id_token(|token| token.append("sub", "1")) => ENDED;
    rp_1e_04_refresh_token_invalid_aud: refreshed_id_token(|token| token.append("aud", "1")) => ENDED;
    rp_1e_05_refresh_token_invalid_azp: refreshed_id_token(|token| token.set("azp", "stranger")) => ENDED;
    a_refreshed_id_token_with_another_nonce_is_not_used:
        refreshed_id_token(|token| token.set("nonce", "another")) => ENDED;
    a_refreshed_id_token_of_a_stranger_is_not_used:
        refreshed_id_token(|token| token.signer = crate::support::Signer::Stranger) => REFUSED;
}
