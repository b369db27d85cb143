//! ID tokens of a provider that lies, beyond the modules of the conformance suite: nobody is signed in.

use crate::support::{
    APP_SECRET, CapturedLog, Endpoint,
    Expected::{Refused, SignedIn},
    HostileApp, Mutation, SignedToken, Signer, cases, discovery, id_token, jwks, nothing,
    refreshed_id_token, tokens, user_info,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use shared::ProblemCode::{CodeRefused, IdentityTooLarge, InvalidIdToken, ProviderUnavailable};
use tracing::Level;

// Algorithm and signature.
cases! {
    b045_alg_none_with_a_capital: id_token(|token| token.header = json!({"alg": "None"})) => Refused(CodeRefused);
    b045_alg_none_in_mixed_case: id_token(|token| token.header = json!({"alg": "nOnE"})) => Refused(CodeRefused);
    b045_alg_missing: id_token(|token| token.header = json!({"kid": "published"})) => Refused(CodeRefused);
    b045_alg_none_with_a_right_signature: id_token(|token| token.header["alg"] = "none".into()) => Refused(InvalidIdToken);
    b045_signature_empty: id_token(|token| token.signature = Some(Vec::new())) => Refused(InvalidIdToken);
    b045_signature_of_zeros: id_token(|token| token.signature = Some(vec![0; 96])) => Refused(InvalidIdToken);
    b045_signature_damaged: id_token(SignedToken::damage_signature) => Refused(InvalidIdToken);
    t07_b046_hs256_under_a_published_kid: id_token(|token| {
        token.sign_with(Signer::ClientSecret);
        token.header["kid"] = "published".into();
    }) => Refused(InvalidIdToken);
    b048_rs256_by_a_key_of_another_kind: id_token(|token| token.header["alg"] = "RS256".into()) => Refused(InvalidIdToken);
    b048_right_key_under_the_kid_of_another: id_token(|token| token.header["kid"] = "rsa".into()) => Refused(InvalidIdToken);
    b049_a_strangers_key_under_a_published_kid: id_token(|token| token.signer = Signer::Stranger) => Refused(InvalidIdToken);
    b053_a_published_private_key: jwks(|keys| *keys = vec![Signer::Published.private_jwk()]) => Refused(InvalidIdToken);
    b053_a_published_symmetric_key: jwks(|keys| {
        let k = URL_SAFE_NO_PAD.encode(APP_SECRET);
        keys.push(json!({"kty": "oct", "k": k, "kid": "oct", "use": "sig", "alg": "HS256"}));
    }).and(id_token(|token| {
        token.sign_with(Signer::ClientSecret);
        token.header["kid"] = "oct".into();
    })) => Refused(InvalidIdToken);
    b053_a_published_encryption_key: jwks(|keys| {
        let mut key = Signer::Published.jwk();
        key["use"] = "enc".into();
        *keys = vec![key];
    }) => Refused(InvalidIdToken);
}

/// A logout token then ends all sessions of the person.
#[tokio::test]
async fn q27_the_first_id_token_without_sid_is_logged() {
    let without_sid = || id_token(|token| token.remove("sid"));
    let unsupported = discovery(|document| document["backchannel_logout_supported"] = false.into());
    for (mutation, lines) in [
        (nothing(), 0),
        (without_sid(), 1),
        (without_sid().and(unsupported), 0),
    ] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::WARN);
        let app = HostileApp::start(mutation).await;
        for _ in 0..3 {
            assert_eq!(app.sign_in(&mut app.browser()).await, "/");
        }
        assert_eq!(log.text().matches("sign_in.without_sid").count(), lines);
    }
}

#[tokio::test]
async fn b053_an_operator_is_told_of_published_private_keys_and_of_no_others() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let app = HostileApp::start(nothing()).await;
    app.sign_in(&mut app.browser()).await;
    assert!(!log.text().contains("discovery.private_keys"));
    let private = jwks(|keys| keys.push(Signer::Stranger.private_jwk()));
    let app = HostileApp::start(private).await;
    app.sign_in(&mut app.browser()).await;
    assert!(
        log.text().contains("discovery.private_keys"),
        "{}",
        log.text()
    );
}

/// The header names a key, or where one is: it is not used, and nobody is asked for it.
#[tokio::test]
async fn b049_a_key_in_the_header_is_ignored() {
    for (name, value) in [
        ("jwk", Signer::Stranger.jwk()),
        ("jku", json!("{issuer}/jku")),
        ("x5u", json!("{issuer}/x5u")),
        ("x5c", json!(["MIIB"])),
    ] {
        let app = HostileApp::start(id_token(move |token| {
            let issuer = token.claims["iss"].as_str().unwrap();
            token.header[name] = match value.as_str() {
                Some(address) => address.replace("{issuer}", issuer).into(),
                None => value.clone(),
            };
            token.signer = Signer::Stranger;
        }))
        .await;
        app.judge(Refused(InvalidIdToken)).await;
        assert_eq!(app.requests(Endpoint::Elsewhere), 0, "{name}");
    }
}

#[tokio::test]
async fn b050_a_kid_is_compared_and_nothing_else() {
    for kid in [
        "../../etc/passwd",
        "' OR 1=1 --",
        "",
        "\u{0}",
        "published\n",
    ] {
        HostileApp::start(id_token(move |token| token.header["kid"] = kid.into()))
            .await
            .judge(Refused(InvalidIdToken))
            .await;
    }
    HostileApp::start(id_token(|token| {
        token.header["kid"] = "k".repeat(100 * 1024).into();
    }))
    .await
    .judge(Refused(IdentityTooLarge))
    .await;
}

// Header parameters.
cases! {
    b066_typ_of_an_access_token: id_token(|token| token.header["typ"] = "at+jwt".into()) => Refused(InvalidIdToken);
    b066_typ_of_a_logout_token: id_token(|token| token.header["typ"] = "logout+jwt".into()) => Refused(InvalidIdToken);
    b066_typ_jwt: id_token(|token| token.header["typ"] = "JWT".into()) => SignedIn;
    t09_crit: id_token(|token| token.header["crit"] = json!(["b64"])) => Refused(InvalidIdToken);
}

// Times.
cases! {
    b054_exp_0: id_token(|token| token.set("exp", 0)) => Refused(InvalidIdToken);
    b054_exp_a_text: id_token(|token| token.set("exp", "1795378301")) => Refused(CodeRefused);
    b054_exp_null: id_token(|token| token.set("exp", json!(null))) => Refused(CodeRefused);
    b054_t09_exp_beyond_numbers: id_token(|token| token.set("exp", 1e300)) => Refused(CodeRefused);
    b054_exp_a_fraction: id_token(|token| {
        token.set("exp", token.claims["exp"].as_f64().unwrap() + 0.5);
    }) => SignedIn;
    b056_t10_expired_45_s_ago: id_token(|token| token.set_from_issue("exp", -45)) => SignedIn;
    b056_issued_45_s_from_now: id_token(|token| token.set_from_issue("iat", 45)) => SignedIn;
    b056_issued_45_s_ago: id_token(|token| token.set_from_issue("iat", -45)) => SignedIn;
    b056_b229_issued_61_s_from_now: id_token(|token| token.set_from_issue("iat", 61)) => Refused(InvalidIdToken);
    b056_b229_issued_301_s_ago: id_token(|token| token.set_from_issue("iat", -301)) => Refused(InvalidIdToken);
    t08_iat_0: id_token(|token| token.set("iat", 0)) => Refused(InvalidIdToken);
    t08_iat_in_the_year_2100: id_token(|token| token.set("iat", 4_102_444_800_i64)) => Refused(InvalidIdToken);
    t08_nbf_in_the_future: id_token(|token| token.set_from_issue("nbf", 61)) => Refused(InvalidIdToken);
    t08_nbf_60_s_from_now: id_token(|token| token.set_from_issue("nbf", 60)) => SignedIn;
    t08_nbf_45_s_from_now: id_token(|token| token.set_from_issue("nbf", 45)) => SignedIn;
}

#[tokio::test]
async fn b056_when_ten_minutes_lie_between_the_clocks_the_log_names_the_clock() {
    for (claim, seconds) in [("iat", 600), ("iat", -600), ("exp", -600), ("nbf", 600)] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::INFO);
        let app =
            HostileApp::start(id_token(move |token| token.set_from_issue(claim, seconds))).await;
        app.judge(Refused(InvalidIdToken)).await;
        let text = log.text();
        let line = text
            .lines()
            .find(|line| line.contains("request.failed"))
            .unwrap();
        assert!(line.contains(claim) && line.contains("clock"), "{line}");
    }
}

#[tokio::test]
async fn the_log_names_what_is_wrong_and_not_its_value() {
    for (words, mutation) in [
        (
            "`aud` is missing or wrong",
            id_token(|token| token.append("aud", "1")),
        ),
        (
            "`iss` is missing or wrong",
            id_token(|token| token.append("iss", "1")),
        ),
        (
            "`nonce` is missing or wrong",
            id_token(|token| token.append("nonce", "1")),
        ),
        (
            "signature: ",
            id_token(|token| token.header["alg"] = "none".into()),
        ),
        (
            "not signed by a key that is known",
            id_token(SignedToken::damage_signature),
        ),
    ] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::INFO);
        let app = HostileApp::start(mutation).await;
        app.judge(Refused(InvalidIdToken)).await;
        assert!(log.text().contains(words), "{words} {}", log.text());
    }
}

// Whose it is.
cases! {
    b057_aud_empty: id_token(|token| token.set("aud", json!([]))) => Refused(InvalidIdToken);
    b057_aud_a_number: id_token(|token| token.set("aud", 1)) => Refused(CodeRefused);
    b057_aud_null: id_token(|token| token.set("aud", json!(null))) => Refused(CodeRefused);
    b057_aud_in_other_case: id_token(|token| token.set("aud", "Bookstore")) => Refused(InvalidIdToken);
    t08_azp_of_another_client: id_token(|token| token.set("azp", "stranger")) => Refused(InvalidIdToken);
    azp_of_this_client: id_token(|token| token.set("azp", "bookstore")) => SignedIn;
    b059_nonce_missing: id_token(|token| token.remove("nonce")) => Refused(InvalidIdToken);
    b059_nonce_null: id_token(|token| token.set("nonce", json!(null))) => Refused(InvalidIdToken);
    b061_t08_sub_empty: id_token(|token| token.set("sub", "")) => Refused(InvalidIdToken);
    b061_sub_of_256_characters: id_token(|token| token.set("sub", "a".repeat(256))) => Refused(InvalidIdToken);
    b061_sub_a_number: id_token(|token| token.set("sub", 1)) => Refused(CodeRefused);
    b061_sub_with_a_control_character: id_token(|token| token.set("sub", "a\u{7}")) => Refused(InvalidIdToken);
    b061_sub_with_a_direction_mark: id_token(|token| token.set("sub", "a\u{202e}")) => Refused(InvalidIdToken);
    b061_t09_sub_twice: id_token(|token| {
        token.rewrite = |json| json.replacen('{', r#"{"sub":"somebody-else","#, 1);
    }) => Refused(CodeRefused);
    b062_iss_with_a_slash: id_token(|token| token.append("iss", "/")) => Refused(InvalidIdToken);
    b062_iss_in_other_case: id_token(|token| {
        token.set("iss", token.claims["iss"].as_str().unwrap().replace("localhost", "LOCALHOST"));
    }) => Refused(InvalidIdToken);
    b062_iss_of_another_scheme: id_token(|token| {
        token.set("iss", token.claims["iss"].as_str().unwrap().replace("http:", "https:"));
    }) => Refused(InvalidIdToken);
    b062_iss_with_a_fragment: id_token(|token| token.append("iss", "#")) => Refused(InvalidIdToken);
}

/// Two spellings of one address are two issuers.
#[tokio::test]
async fn b062_iss_with_the_default_port() {
    let settings = [
        ("OIDC_ISSUER", "http://localhost/oidc"),
        ("OIDC_INTERNAL_URL", "{provider}"),
    ];
    let app = HostileApp::start_with(&settings, nothing()).await;
    app.judge(SignedIn).await;
    let app = HostileApp::start_with(
        &settings,
        id_token(|token| token.set("iss", "http://localhost:80/oidc")),
    )
    .await;
    app.judge(Refused(InvalidIdToken)).await;
}

#[tokio::test]
async fn b061_a_sub_of_255_characters_is_the_longest() {
    let app = HostileApp::start(id_token(|token| token.set("sub", "a".repeat(255)))).await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    assert_eq!(browser.sub().await, Some("a".repeat(255)));
}

/// Subjects may be distinguished names (Core, section 2).
#[tokio::test]
async fn q33_a_sub_with_blanks_is_signed_in() {
    for sub in ["CN=Ada Lovelace, OU=Books", "a b", " ", "ada "] {
        let app = HostileApp::start(id_token(move |token| token.set("sub", sub))).await;
        let mut browser = app.browser();
        assert_eq!(app.sign_in(&mut browser).await, "/");
        assert_eq!(browser.sub().await.as_deref(), Some(sub));
    }
}

#[tokio::test]
async fn q41_claims_in_another_shape_keep_nobody_from_signing_in_and_the_log_names_them() {
    let strange = [
        ("email_verified", json!("true")),
        ("updated_at", json!("2026-11-22T19:11:41Z")),
        ("address", json!("1 Main St")),
        ("roles", json!("admin")),
        ("locale", json!([])),
        ("sid", json!(5)),
        ("amr", json!("pwd")),
    ];
    let in_both = strange.clone();
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let app = HostileApp::start(
        id_token(move |token| {
            for (name, value) in &strange {
                token.set(name, value.clone());
            }
        })
        .and(user_info(move |claims| {
            for (name, value) in &in_both {
                claims[*name] = value.clone();
            }
        })),
    )
    .await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    let status = browser.fetch("/api/auth/status").await.json();
    let user_info = app.user_info(&mut browser).await;
    assert_eq!(user_info.status, 200);
    for claims in [&status["claims"], &user_info.json()] {
        assert!(claims["sub"].is_string());
        for name in ["email_verified", "updated_at", "address", "roles", "locale"] {
            assert!(claims[name].is_null(), "{name} in {claims}");
        }
    }
    let text = log.text();
    for name in [
        "email_verified",
        "updated_at",
        "address",
        "roles",
        "locale",
        "sid",
    ] {
        assert!(text.contains(name), "{name} in {text}");
    }
    assert!(!text.contains("1 Main St"), "{text}");
}

#[tokio::test]
async fn q31_a_person_in_330_organizations_signs_in_and_the_page_does_not_hold_the_claims() {
    let organizations: Vec<_> = (0..330)
        .map(|id| format!("organization-{id:012}"))
        .collect();
    let roles: Vec<_> = organizations
        .iter()
        .map(|id| format!("{id}:librarian"))
        .collect();
    let app = HostileApp::start(id_token(move |token| {
        token.set("organizations", organizations.clone());
        token.set("organization_roles", roles.clone());
    }))
    .await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    let status = browser.fetch("/api/auth/status").await.json();
    let told = status["claims"]["organizations"].as_array().map(Vec::len);
    assert_eq!(told, Some(330));
    let page = browser.visit("/").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("organization-0000"), "{}", page.body);
    // A refresh brings a token of the same size.
    app.clock.advance(time::Duration::hours(1));
    assert_eq!(app.user_info(&mut browser).await.status, 200);
}

/// The nonce of one sign-in is wrong in another, though the provider gave it.
#[tokio::test]
async fn b059_an_id_token_of_an_earlier_sign_in_is_refused() {
    let app = HostileApp::start(nothing()).await;
    app.sign_in(&mut app.browser()).await;
    let earlier = app.last_id_token();
    app.spoil(tokens(move |tokens| {
        tokens["id_token"] = earlier.clone().into();
    }));
    app.judge(Refused(InvalidIdToken)).await;
}

// Not a JWS.
cases! {
    b064_encrypted: reshaped(|_| "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d".to_owned()) => Refused(CodeRefused);
    b064_five_parts: reshaped(|token| format!("{token}.a.b")) => Refused(CodeRefused);
    b064_two_parts: reshaped(|token| token.rsplit_once('.').unwrap().0.to_owned()) => Refused(CodeRefused);
    b064_one_part: reshaped(|token| token.replace('.', "")) => Refused(CodeRefused);
    b064_nothing: reshaped(|_| String::new()) => Refused(CodeRefused);
    b064_not_base64url: reshaped(|token| format!("+/{token}")) => Refused(CodeRefused);
    b064_padding: reshaped(|token| token.replace('.', "=.")) => Refused(CodeRefused);
    b064_a_line_break: reshaped(|token| format!("{token}\n")) => Refused(CodeRefused);
    b064_one_mebibyte: reshaped(|token| format!("{}{token}", "A".repeat(1 << 20))) => Refused(ProviderUnavailable);
}

fn reshaped(reshape: fn(String) -> String) -> Mutation {
    id_token(move |token| token.reshape = reshape)
}

/// One more character would be too many.
#[tokio::test]
async fn b064_q31_an_id_token_has_at_most_128_kib() {
    for (longer, expected) in [(0, SignedIn), (4, Refused(IdentityTooLarge))] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::INFO);
        let app = HostileApp::start(id_token(move |token| fill(token, 128 * 1024 + longer))).await;
        app.judge(expected).await;
        let sizes = "the ID token has 131076 bytes, and 131072 are the most";
        assert_eq!(log.text().contains(sizes), longer > 0, "{}", log.text());
    }
}

#[tokio::test]
async fn q31_at_a_refresh_a_larger_id_token_costs_nobody_the_session() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.spoil(refreshed_id_token(|token| fill(token, 128 * 1024 + 4)));
    app.clock.advance(time::Duration::hours(1));
    app.assert_user_info_refused(&mut browser, IdentityTooLarge)
        .await;
    app.spoil(nothing());
    app.clock.advance(time::Duration::minutes(10));
    assert_eq!(app.user_info(&mut browser).await.status, 200);
}

#[tokio::test]
async fn q43_a_further_audience_is_named_in_the_log() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let aud = json!(["bookstore", "271828182845"]);
    let app = HostileApp::start(id_token(move |token| token.set("aud", aud.clone()))).await;
    app.judge(Refused(InvalidIdToken)).await;
    let text = log.text();
    assert!(
        text.contains("`aud` names `271828182845` beside this client"),
        "{text}"
    );
}

/// Makes the name so long that the compact form has exactly so many characters.
fn fill(token: &mut SignedToken, length: usize) {
    const SIGNATURE: usize = 1 + 128;
    let mut name = String::new();
    while token.signing_input().len() + SIGNATURE < length {
        let missing = length - token.signing_input().len() - SIGNATURE;
        name.extend(std::iter::repeat_n('n', (missing / 2).max(1)));
        token.set("name", name.clone());
    }
    assert_eq!(token.compact().len(), length);
}
