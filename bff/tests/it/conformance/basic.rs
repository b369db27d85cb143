//! `oidcc-client-basic-certification-test-plan`: signing in by code.

use crate::support::{
    Expected::{Refused, SignedIn, UserInfoRefused},
    HostileApp, SUB, Signer, cases, discovery, id_token, jwks, nothing, user_info,
};
use serde_json::{Value, json};
use shared::ProblemCode::{CodeRefused, InvalidIdToken, InvalidUserInfo};

cases! {
    rp_1a_01_client_test: nothing() => SignedIn;
    rp_1a_02_invalid_iss: id_token(|token| token.append("iss", "1")) => Refused(InvalidIdToken);
    rp_1a_03_missing_sub: id_token(|token| token.remove("sub")) => Refused(CodeRefused);
    rp_1a_04_invalid_aud: id_token(|token| token.append("aud", "1")) => Refused(InvalidIdToken);
    rp_1a_05_missing_iat: id_token(|token| token.remove("iat")) => Refused(CodeRefused);
    rp_1a_06_kid_absent_single_jwks:
        jwks(|keys| *keys = vec![without_kid(Signer::Rsa.jwk())])
            .and(id_token(|token| {
                token.sign_with(Signer::Rsa);
                token.header = without_kid(token.header.take());
            })) => SignedIn;
    // The suite lets pass who tries all keys, too.
    rp_1a_07_kid_absent_multiple_jwks:
        jwks(|keys| *keys = [Signer::SecondRsa, Signer::Rsa].map(|signer| without_kid(signer.jwk())).to_vec())
            .and(id_token(|token| {
                token.sign_with(Signer::Rsa);
                token.header = without_kid(token.header.take());
            })) => Refused(InvalidIdToken);
    rp_1a_08_idtoken_sig_rs256: id_token(|token| token.sign_with(Signer::Rsa)) => SignedIn;
    rp_1a_09_idtoken_sig_none: id_token(|token| token.sign_with(Signer::Nobody)) => Refused(InvalidIdToken);
    rp_1a_10_invalid_sig_rs256: id_token(|token| {
        token.sign_with(Signer::Rsa);
        token.damage_signature();
    }) => Refused(InvalidIdToken);
    rp_1a_11_b069_userinfo_invalid_sub: user_info(|claims| {
        claims["sub"] = format!("{SUB}invalid").into();
    }) => UserInfoRefused(InvalidUserInfo);
    rp_1a_12_nonce_invalid: id_token(|token| token.append("nonce", "1")) => Refused(InvalidIdToken);
    // Any other way to authenticate breaks a rule of the provider.
    rp_1a_14_client_secret_basic: discovery(|document| {
        document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
    }) => SignedIn;
}

/// The provider's userinfo has only what the scope asks for.
#[tokio::test]
async fn rp_1a_13_scope_userinfo_claims() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let claims = app.user_info(&mut browser).await.json();
    assert_eq!(claims["phone_number"], "8613900000000");
    assert_eq!(claims["name"], "Ada Lovelace");
}

fn without_kid(mut object: Value) -> Value {
    object.as_object_mut().unwrap().remove("kid");
    object
}
