//! The sign-in experience and the account center through the Management API.

use crate::support::{
    Answer, World,
    management_api::{connector, phone_experience},
};
use serde_json::{Value, json};

/// A sign-in method: password, verification code, password first.
fn method(identifier: &str, password: bool, code: bool, first: bool) -> Value {
    json!({
        "identifier": identifier,
        "password": password,
        "verificationCode": code,
        "isPasswordPrimary": first,
    })
}

fn sign_in(methods: &[Value]) -> Value {
    json!({"methods": methods})
}

fn sign_up(identifiers: &[&str], password: bool, verify: bool) -> Value {
    json!({"identifiers": identifiers, "password": password, "verify": verify})
}

/// The code of an error, or the status.
fn code(answer: &Answer) -> String {
    match answer.json().get("code") {
        Some(code) => format!("{} {}", answer.status, code.as_str().unwrap()),
        None => answer.status.to_string(),
    }
}

#[tokio::test]
async fn a_fresh_experience_is_that_of_a_fresh_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let experience = api.get("sign-in-exp").await;
    assert_eq!(experience.status, 200);
    let experience = experience.json();
    assert_eq!(experience.as_object().unwrap().len(), 34);
    for (member, value) in [
        ("tenantId", json!("default")),
        ("id", json!("default")),
        ("signInMode", json!("SignInAndRegister")),
        ("signUp", sign_up(&["username"], true, false)),
        ("signIn", sign_in(&[method("username", true, false, true)])),
        ("mfa", json!({"factors": [], "policy": "UserControlled"})),
        ("termsOfUseUrl", Value::Null),
        ("passwordPolicy", json!({})),
    ] {
        assert_eq!(experience[member], value, "{member}");
    }

    api.create("connectors", connector()).await;
    let changed = api.patch("sign-in-exp", phone_experience()).await;
    assert_eq!(changed.status, 200);
    let mut expected = experience;
    for (member, value) in phone_experience().as_object().unwrap() {
        expected[member] = value.clone();
    }
    assert_eq!(changed.json(), expected);
    let again = api.patch("sign-in-exp", phone_experience()).await;
    assert_eq!(again.outcome(), (200, expected.clone()));
    assert_eq!(api.get("sign-in-exp").await.json(), expected);

    let mut public = world
        .browser()
        .get("/api/.well-known/sign-in-exp")
        .await
        .json();
    assert_eq!(
        public["forgotPassword"],
        json!({"phone": false, "email": false})
    );
    assert_eq!(public["socialConnectors"], json!([]));
    for added in [
        "socialConnectors",
        "ssoConnectors",
        "forgotPassword",
        "isDevelopmentTenant",
        "customProfileFields",
        "customProfileFieldCatalog",
    ] {
        public.as_object_mut().unwrap().remove(added).unwrap();
    }
    for hidden in ["emailBlocklistPolicy", "forgotPasswordMethods"] {
        expected.as_object_mut().unwrap().remove(hidden).unwrap();
    }
    assert_eq!(public, expected);
}

#[tokio::test]
async fn a_code_needs_a_connector() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let no_connector = "400 sign_in_experiences.enabled_connector_not_found";
    let no_reset = "400 sign_in_experiences.forgot_password_method_requires_connector";
    let secondary = |identifier: &str| {
        let mut body = sign_up(&["username"], true, true);
        body["secondaryIdentifiers"] = json!([{"identifier": identifier, "verify": true}]);
        body
    };
    let cases = [
        (
            json!({"signIn": sign_in(&[method("phone", true, false, true)])}),
            "200",
            "200",
        ),
        (
            json!({"signIn": sign_in(&[method("email", true, false, true)])}),
            "200",
            "200",
        ),
        (
            json!({"signIn": sign_in(&[method("phone", true, true, true)])}),
            no_connector,
            "200",
        ),
        (
            json!({"signIn": sign_in(&[method("email", true, true, true)])}),
            no_connector,
            no_connector,
        ),
        (
            json!({"signUp": sign_up(&["phone"], true, true)}),
            no_connector,
            "200",
        ),
        (
            json!({"signUp": sign_up(&["email", "phone"], true, true)}),
            no_connector,
            no_connector,
        ),
        (json!({"signUp": secondary("phone")}), no_connector, "200"),
        (
            json!({"signUp": secondary("emailOrPhone")}),
            no_connector,
            no_connector,
        ),
        (
            json!({"forgotPasswordMethods": ["PhoneVerificationCode"]}),
            no_reset,
            "200",
        ),
        (
            json!({"forgotPasswordMethods": ["EmailVerificationCode"]}),
            no_reset,
            no_reset,
        ),
        (json!({"forgotPasswordMethods": null}), "200", "200"),
    ];
    for (body, without, _) in &cases {
        let answer = api.patch("sign-in-exp", body.clone()).await;
        assert_eq!(code(&answer), *without, "{body}");
    }
    api.create("connectors", connector()).await;
    for (body, _, with) in &cases {
        let answer = api.patch("sign-in-exp", body.clone()).await;
        assert_eq!(code(&answer), *with, "{body}");
    }
}

#[expect(clippy::too_many_lines, reason = "one table of requests")]
#[tokio::test]
async fn combinations_are_refused_as_by_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    api.set_up_sign_in().await;
    let phone = |password, code, first| sign_in(&[method("phone", password, code, first)]);
    let no_identifiers = json!({
        "identifiers": [],
        "password": true,
        "verify": true,
        "secondaryIdentifiers": [{"identifier": "phone", "verify": true}],
    });
    let twice = json!({
        "identifiers": ["phone"],
        "password": true,
        "verify": true,
        "secondaryIdentifiers": [{"identifier": "phone", "verify": true}],
    });
    let unverified = json!({
        "identifiers": ["username"],
        "password": true,
        "verify": false,
        "secondaryIdentifiers": [{"identifier": "phone"}],
    });
    let cases = [
        (
            json!({"signUp": sign_up(&["phone"], true, true), "signIn": phone(true, true, false)}),
            "200",
        ),
        (
            json!({"signUp": sign_up(&["phone"], true, true), "signIn": phone(true, false, true)}),
            "200",
        ),
        (json!({"signUp": sign_up(&[], false, false)}), "200"),
        (json!({"signIn": sign_in(&[])}), "200"),
        (
            json!({"signUp": sign_up(&["phone"], false, false)}),
            "400 sign_in_experiences.passwordless_requires_verify",
        ),
        (
            json!({"signUp": unverified}),
            "400 sign_in_experiences.passwordless_requires_verify",
        ),
        (
            json!({"signUp": sign_up(&["phone"], false, true), "signIn": phone(true, false, true)}),
            "400 sign_in_experiences.code_sign_in_must_be_enabled",
        ),
        (json!({"signUp": sign_up(&["phone"], false, true)}), "200"),
        (
            json!({"signIn": phone(true, false, true)}),
            "400 sign_in_experiences.code_sign_in_must_be_enabled",
        ),
        (
            json!({"signIn": phone(false, false, true)}),
            "400 sign_in_experiences.at_least_one_authentication_factor",
        ),
        (
            json!({"signUp": no_identifiers}),
            "400 sign_in_experiences.missing_sign_up_identifiers",
        ),
        (
            json!({"signUp": twice}),
            "400 sign_in_experiences.duplicated_sign_up_identifiers",
        ),
        (
            json!({"signUp": sign_up(&["emailOrPhone"], true, true)}),
            "400 guard.invalid_input",
        ),
        (json!({"signIn": phone(false, true, false)}), "200"),
        (
            json!({"mfa": {"factors": ["PhoneVerificationCode"], "policy": "UserControlled"}}),
            "400 sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa",
        ),
        (
            json!({"mfa": {"factors": ["BackupCode"], "policy": "UserControlled"}}),
            "400 sign_in_experiences.backup_code_cannot_be_enabled_alone",
        ),
        (
            json!({"mfa": {"factors": ["Totp", "Totp"], "policy": "UserControlled"}}),
            "400 sign_in_experiences.duplicated_mfa_factors",
        ),
        (
            json!({"mfa": {"factors": ["Totp"], "policy": "PromptOnlyAtSignInMandatory"}}),
            "422 sign_in_experiences.non_adaptive_mfa_requires_skippable_policy",
        ),
        (
            json!({"mfa": {"factors": ["Totp", "BackupCode"], "policy": "Mandatory"}}),
            "200",
        ),
        (
            json!({"hideLogtoBranding": true}),
            "400 request.invalid_input",
        ),
        (
            json!({"emailBlocklistPolicy": {"blockDisposableAddresses": true}}),
            "400 request.invalid_input",
        ),
        (
            json!({"color": {"primaryColor": "#0a7"}}),
            "400 guard.invalid_input",
        ),
        (
            json!({"languageInfo": {"autoDetect": false, "fallbackLanguage": "ja"}}),
            "200",
        ),
        (
            json!({"languageInfo": {"autoDetect": false, "fallbackLanguage": "xx"}}),
            "400 guard.invalid_input",
        ),
        (json!({"signInMode": "Nobody"}), "400 guard.invalid_input"),
        (json!({}), "422 entity.invalid_input"),
        (json!({"unknown": 1}), "422 entity.invalid_input"),
    ];
    for (body, expected) in cases {
        let answer = api.patch("sign-in-exp", body.clone()).await;
        assert_eq!(code(&answer), expected, "{body}");
    }
    let missing = json!({"signIn": {"methods": [
        {"identifier": "phone", "password": false, "verificationCode": true},
    ]}});
    let missing = api.patch("sign-in-exp", missing).await;
    assert_eq!(
        missing.json()["details"],
        "Error in key path \"signIn.methods.0.isPasswordPrimary\": (invalid_type) \
         Expected boolean but received undefined."
    );
}

#[tokio::test]
async fn settings_are_completed_as_by_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let body = json!({
        "passwordPolicy": {"length": {"min": 6}},
        "passwordExpiration": {"enabled": true, "validPeriodDays": 90},
        "termsOfUseUrl": "",
    });
    let changed = api.patch("sign-in-exp", body).await.json();
    assert_eq!(
        changed["passwordPolicy"],
        json!({"length": {"min": 6, "max": 256}})
    );
    let now_ms = world.clock.unix() * 1000;
    assert_eq!(
        changed["passwordExpiration"],
        json!({"enabled": true, "validPeriodDays": 90, "enabledAt": now_ms})
    );
    assert_eq!(changed["termsOfUseUrl"], Value::Null);
}

#[tokio::test]
async fn the_account_center_is_changed_member_by_member() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let mut expected = json!({
        "tenantId": "default",
        "id": "default",
        "enabled": false,
        "fields": {},
        "webauthnRelatedOrigins": [],
        "deleteAccountUrl": null,
        "customCss": null,
        "profileFields": null,
    });
    assert_eq!(
        api.get("account-center").await.outcome(),
        (200, expected.clone())
    );
    let fields = json!({"name": "Edit", "phone": "Edit", "unknown": "Edit"});
    let changed = api.patch("account-center", json!({"enabled": true, "fields": fields}));
    expected["enabled"] = true.into();
    expected["fields"] = json!({"name": "Edit", "phone": "Edit"});
    assert_eq!(changed.await.outcome(), (200, expected.clone()));
    let replaced = api.patch("account-center", json!({"fields": {"email": "ReadOnly"}}));
    expected["fields"] = json!({"email": "ReadOnly"});
    assert_eq!(replaced.await.outcome(), (200, expected));
    for (body, expected) in [
        (
            json!({"fields": {"name": "Write"}}),
            "400 guard.invalid_input",
        ),
        (
            json!({"deleteAccountUrl": "ftp://shop.example"}),
            "400 guard.invalid_input",
        ),
        (
            json!({"deleteAccountUrl": "https://shop.example/delete"}),
            "200",
        ),
        (json!({}), "422 entity.invalid_input"),
    ] {
        let answer = api.patch("account-center", body.clone()).await;
        assert_eq!(code(&answer), expected, "{body}");
    }
}
