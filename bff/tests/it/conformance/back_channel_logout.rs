//! `oidcc-client-back-channel-logout-rp-basic`: the provider ends the session, and nobody else does. Each answer is
//! exactly 200 or 400, and not to be stored.

use crate::support::{HostileApp, SignedToken, Signer, nothing};
use serde_json::json;

/// One test for each row: its name, what is wrong with the logout token, and the status of the answer.
macro_rules! modules {
    ($($name:ident: $spoil:expr => $status:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            judge($spoil, $status).await;
        }
    )+};
}

modules! {
    rp_1d_01_backchannel_rpinitlogout: |_| {} => 200;
    rp_1d_02_alg_none: |token| token.sign_with(Signer::Nobody) => 400;
    rp_1d_03_no_event: |token| token.remove("events") => 400;
    rp_1d_04_with_nonce: |token| token.set("nonce", "n") => 400;
    rp_1d_05_wrong_alg: |token| token.sign_with(Signer::P256) => 400;
    rp_1d_06_wrong_aud: |token| token.append("aud", "1") => 400;
    rp_1d_07_wrong_event: |token| {
        token.set("events", json!({"http://schemas.openid.net/event/foobar": {}}));
    } => 400;
    rp_1d_08_wrong_iss: |token| token.append("iss", "1") => 400;
}

async fn judge(spoil: fn(&mut SignedToken), status: u16) {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let answer = app.back_channel_logout(&app.logout_token(spoil)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (status, "no-store"),
        "{}",
        answer.body
    );
    let ended = status == 200;
    assert_eq!(browser.sub().await.is_none(), ended);
}
