//! `doctor`: what keeps people from signing in, and how to mend it.

use crate::support::{Fault, Program, Relay, TestTenant, everything, example};
use serde_json::{Value, json};

/// Asserts that the doctor's lines have one that begins so.
async fn assert_finds(program: &Program, code: i32, expected: &str) {
    let ran = program.run(&["doctor"]).await.expect(code);
    let stdout = ran.stdout();
    assert!(
        stdout.lines().any(|line| line.starts_with(expected)),
        "{expected}: {stdout}"
    );
}

#[tokio::test]
async fn a_tenant_that_is_as_its_file_says_is_well() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["apply"]).await.expect(0);
    let ran = program.run(&["doctor"]).await.expect(0);
    assert!(!ran.stdout().contains("wrong"), "{}", ran.stdout());
    assert_finds(&program, 0, "ok       client secret: there is a valid one").await;
}

#[tokio::test]
async fn an_empty_tenant_lacks_everything() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program();
    for missing in [
        "application: Bookstore is missing",
        "connector: aliyun-short-message-service is missing",
    ] {
        assert_finds(
            &program,
            1,
            &format!("wrong    {missing}; to mend it: run `provision-logto apply`"),
        )
        .await;
    }
}

#[tokio::test]
async fn what_was_changed_by_hand_is_found() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["apply"]).await.expect(0);
    let id = |value: Value| value["id"].as_str().unwrap().to_owned();
    let application = id(tenant.one("applications", "name", "Bookstore").await);
    let connector = id(tenant
        .one("connectors", "connectorId", "aliyun-short-message-service")
        .await);
    let hook = id(tenant.one("hooks", "name", "bookstore").await);
    let config = tenant.get(&format!("connectors/{connector}")).await["config"].clone();
    let mut loose = config.clone();
    loose["strictPhoneRegionNumberCheck"] = json!(false);
    let uris = json!({ "redirectUris": ["https://bookstore.example/callback"], "postLogoutRedirectUris": ["https://bookstore.example/"] });
    let mut no_sid = uris.clone();
    no_sid["backchannelLogoutUri"] = json!("https://bookstore.example/backchannel-logout");
    for (path, body, expected) in [
        (
            format!("applications/{application}"),
            json!({ "oidcClientMetadata": no_sid }),
            "wrong    application: Bookstore gets logout tokens without `sid`",
        ),
        (
            format!("applications/{application}"),
            json!({ "oidcClientMetadata": uris }),
            "warning  application: Bookstore has no back-channel logout URI",
        ),
        (
            format!("applications/{application}"),
            json!({ "customClientMetadata": { "rotateRefreshToken": false } }),
            "warning  application: Bookstore does not rotate refresh tokens",
        ),
        (
            format!("connectors/{connector}"),
            json!({ "config": loose }),
            "wrong    connector: numbers of North America get the template of China",
        ),
        (
            format!("hooks/{hook}"),
            json!({ "enabled": false }),
            "wrong    webhook: bookstore is off",
        ),
        (
            format!("hooks/{hook}"),
            json!({ "events": ["User.Deleted"] }),
            "wrong    webhook: bookstore does not send User.SuspensionStatus.Updated",
        ),
        (
            "sign-in-exp".to_owned(),
            json!({ "passwordPolicy": {} }),
            "warning  password policy: Logto asks api.pwnedpasswords.com",
        ),
        (
            "sign-in-exp".to_owned(),
            json!({ "signIn": { "methods": [{ "identifier": "username", "password": true, "verificationCode": false, "isPasswordPrimary": true }] }, "signUp": { "identifiers": ["phone"], "password": true, "verify": true } }),
            "wrong    sign-in experience: people sign up with phone, and cannot sign in with it",
        ),
        (
            "account-center".to_owned(),
            json!({ "fields": { "phone": "Off" } }),
            "wrong    account center: it differs from the file in fields.",
        ),
    ] {
        tenant.call("PATCH", &path, body).await;
        assert_finds(&program, 1, expected).await;
        program.run(&["apply"]).await.expect(0);
    }
    tenant
        .call(
            "DELETE",
            &format!("applications/{application}/secrets/Default%20secret"),
            Value::Null,
        )
        .await;
    assert_finds(
        &program,
        1,
        "wrong    client secret: there is none, or it has expired",
    )
    .await;
}

/// What only Logto has, and the embedded provider does not.
#[tokio::test]
async fn captcha_without_provider_and_access_control_without_rule_let_nobody_in() {
    let relay = Relay::to(None).await;
    let program = Program::at(&relay.url, &relay.url).with_file(example());
    let application = json!([{ "id": "app", "name": "Bookstore", "type": "Traditional", "appLevelAccessControlEnabled": true }]);
    let nobody = json!({ "userIds": [], "userRoleIds": [], "organizationIds": [], "organizationRoleRules": [] });
    let experience = json!({ "captchaPolicy": { "enabled": true } });
    for (request, answer) in [
        ("GET /api/applications/app/access-control", (200, nobody)),
        ("GET /api/applications/app/secrets", (200, json!([]))),
        ("GET /api/applications", (200, application)),
        ("GET /api/sign-in-exp", (200, experience)),
        (
            "GET /api/captcha-provider",
            (404, json!({ "code": "entity.not_found" })),
        ),
    ] {
        relay.disturb(request, 9, Fault::Json(answer.0, "", answer.1));
    }
    assert_finds(
        &program,
        1,
        "wrong    access control: it is on, and lets nobody in",
    )
    .await;
    assert_finds(
        &program,
        1,
        "wrong    captcha: it is on without a provider: nobody can sign in",
    )
    .await;
}

#[tokio::test]
async fn a_refused_token_and_missing_rights_are_findings() {
    let relay = Relay::to(None).await;
    let program = Program::at(&relay.url, &relay.url);
    relay.disturb(
        "GET /api/applications",
        1,
        Fault::Json(403, "", json!({ "code": "auth.forbidden" })),
    );
    assert_finds(&program, 1, "wrong    Management API: GET /api/applications: Logto answers 403 auth.forbidden; to mend it: give the application").await;
    let refused =
        json!({ "error": "invalid_client", "error_description": "client authentication failed" });
    relay.disturb("POST /oidc/token", 1, Fault::Json(401, "", refused));
    let expected = format!(
        "wrong    Management API: POST {}/oidc/token: Logto answers 401 invalid_client",
        relay.url
    );
    assert_finds(&program, 1, &expected).await;
}

#[tokio::test]
async fn wrong_settings_and_a_wrong_file_are_findings() {
    let program = Program::at("", "http://localhost:3002").with_file("/no/such/tenant.toml".into());
    assert_finds(&program, 1, "wrong    settings: LOGTO_ENDPOINT is not set").await;
    assert_finds(
        &program,
        1,
        "wrong    tenant file: cannot read /no/such/tenant.toml",
    )
    .await;
}
