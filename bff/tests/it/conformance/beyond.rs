//! Modules that no certificate of a relying party like ours asks for: of the comprehensive plan, and of the plans for
//! financial-grade clients where they fit any.

use crate::support::{
    Endpoint, Expected,
    Expected::{Refused, SignedIn, UserInfoRefused},
    HostileApp, Signer, at, authorization_response, cases, id_token, jwks, nothing, tokens,
    user_info,
};
use serde_json::json;
use shared::ProblemCode::{
    CodeRefused, InvalidIdToken, InvalidResponse, ProviderUnavailable, UnknownSignIn,
};

cases! {
    rp_1e_06_missing_aud: id_token(|token| token.remove("aud")) => Refused(InvalidIdToken);
    rp_1e_07_t07_b046_invalid_sig_hs256: id_token(|token| token.sign_with(Signer::ClientSecret)) => Refused(InvalidIdToken);
    rp_1e_08_invalid_sig_es256: id_token(|token| {
        token.sign_with(Signer::P256);
        token.damage_signature();
    }) => Refused(InvalidIdToken);
    rp_1e_09_t08_invalid_athash: id_token(|token| {
        token.set("at_hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }) => Refused(InvalidIdToken);
    // Only the implicit and hybrid flows promise at_hash.
    rp_1e_10_missing_athash: id_token(|token| {
        assert!(token.claims.get("at_hash").is_none());
    }) => SignedIn;
    rp_1e_11_aggregated_claims: user_info(|claims| {
        claims["_claim_names"] = json!({"address": "src1"});
        claims["_claim_sources"] = json!({"src1": {"JWT": "eyJhbGciOiJub25lIn0.e30."}});
    }) => SignedIn;
    // A signed answer is not asked for, so none is understood.
    rp_1e_13_userinfo_signed: at(Endpoint::UserInfo, |reply| {
        reply.header("content-type", "application/jwt");
        reply.raw = Some(b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJybTU1MWc3MTE3bmkifQ.".to_vec());
    }) => UserInfoRefused(ProviderUnavailable);
    // Unknown kinds are in the default set already; these are broken ones of known kinds.
    rp_1e_14_t11_ignores_unparseable_key_in_jwks: jwks(|keys| {
        keys.insert(0, json!({"kty": "EC", "kid": "broken", "crv": 1, "x": false}));
        keys.insert(0, json!({"kty": "AKP", "alg": "ML-DSA-65", "kid": "published", "pub": "AA"}));
        keys.insert(0, json!({}));
    }) => SignedIn;
    rp_1e_15_b054_invalid_expired_exp: id_token(|token| token.set_from_issue("exp", -61)) => Refused(InvalidIdToken);
    rp_1e_16_b054_invalid_missing_exp: id_token(|token| token.remove("exp")) => Refused(CodeRefused);
    rp_1e_17_invalid_missing_iss: id_token(|token| token.remove("iss")) => Refused(CodeRefused);
    rp_1e_18_iat_is_week_in_past: id_token(|token| token.set_from_issue("iat", -604_800)) => Refused(InvalidIdToken);
    rp_1e_19_b057_valid_aud_as_array: id_token(|token| token.set("aud", json!(["bookstore"]))) => SignedIn;
    rp_1e_20_b057_invalid_secondary_aud: id_token(|token| {
        token.set("aud", json!(["bookstore", "stranger"]));
    }) => Refused(InvalidIdToken);
    rp_1e_21_b048_invalid_alternate_alg: id_token(|token| token.sign_with(Signer::P256)) => Refused(InvalidIdToken);
    rp_1e_24_b029_invalid_authorization_response_iss: authorization_response(|response| {
        response["iss"] = "https://evil.example/oidc".into();
    }) => Refused(InvalidResponse);
    rp_1e_25_b029_remove_authorization_response_iss: authorization_response(|response| {
        response.as_object_mut().unwrap().remove("iss");
    }) => Refused(InvalidResponse);
    rp_1e_26_token_endpoint_response_without_expires_in: tokens(|tokens| {
        tokens.as_object_mut().unwrap().remove("expires_in");
    }) => SignedIn;
    rp_1e_27_token_type_case_insensitivity: tokens(|tokens| tokens["token_type"] = "bEaReR".into()) => SignedIn;
}

/// Fetching a claim from where the provider says would be its choice of whom we talk to.
#[tokio::test]
async fn rp_1e_12_distributed_claims() {
    let app = HostileApp::start(user_info(|claims| {
        claims["_claim_names"] = json!({"address": "src1"});
        claims["_claim_sources"] =
            json!({"src1": {"endpoint": "/oidc/claims", "access_token": "a"}});
    }))
    .await;
    app.judge(SignedIn).await;
    assert_eq!(app.requests(Endpoint::Elsewhere), 0);
}

/// A callback whose state is not that of this sign-in does not use the code, and the right one still works.
async fn judge_state(spoil: fn(&mut serde_json::Value)) {
    let app = HostileApp::start(authorization_response(spoil)).await;
    app.judge(Refused(UnknownSignIn)).await;
    assert_eq!(app.requests(Endpoint::Token), 0);
    app.spoil(nothing());
    app.judge(Expected::SignedIn).await;
}

#[tokio::test]
async fn rp_1e_22_b015_authorization_response_with_missing_state() {
    judge_state(|response| {
        response.as_object_mut().unwrap().remove("state");
    })
    .await;
}

#[tokio::test]
async fn rp_1e_23_b016_authorization_response_with_invalid_state() {
    judge_state(|response| {
        response["state"] = format!("{}1", response["state"].as_str().unwrap()).into();
    })
    .await;
}
