//! An empty tenant becomes one that signs people in, through the Management API alone.

use crate::support::{
    Answer, ManagementApi, PHONE, Request, World,
    management_api::{application, connector, phone_experience},
    relying_party::{basic, exchange_form},
};
use embedded_provider::Database;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

/// Creates the application. Returns its id and its secret.
async fn create_application(api: &ManagementApi) -> (String, String) {
    let id = api.create("applications", application()).await;
    let secrets = api.get(&format!("applications/{id}/secrets")).await;
    assert_eq!(secrets.status, 200);
    let secret = secrets.json()[0]["value"].as_str().unwrap().to_owned();
    (id, secret)
}

fn request(id: &str) -> String {
    Request::new().with("client_id", id).address()
}

/// Exchanges a code with these credentials.
async fn exchange(world: &World, id: &str, secret: &str, code: &str) -> Answer {
    let form = exchange_form(code);
    let request = world
        .relying_party()
        .unauthenticated("/token", &form)
        .header(AUTHORIZATION, basic(id, secret));
    Answer::of(request.send().await.unwrap()).await
}

/// Signs a person in and returns the response of the token endpoint.
async fn sign_in(world: &World, id: &str, secret: &str) -> Value {
    let mut browser = world.browser();
    let signed_in = browser.sign_in(world, &request(id), PHONE).await;
    let code = &signed_in.authorization_response()["code"];
    let tokens = exchange(world, id, secret, code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    tokens.json()
}

#[tokio::test]
async fn an_empty_tenant_becomes_one_that_signs_a_person_in() {
    let world = World::empty().await;
    let api = world.management_api().await;
    // As for a provisioning tool: the experience needs the connector.
    let early = api.patch("sign-in-exp", phone_experience()).await;
    assert_eq!(
        early.outcome(),
        (
            400,
            json!({
                "code": "sign_in_experiences.enabled_connector_not_found",
                "message": "Enabled Sms connector not found.",
            })
        )
    );
    api.set_up_sign_in().await;
    let (id, secret) = create_application(&api).await;
    assert_eq!(secret.len(), 32);
    let tokens = sign_in(&world, &id, &secret).await;
    assert!(tokens["id_token"].is_string());
    assert_eq!(world.newest_template(PHONE), "SMS_100000001");
}

#[tokio::test]
async fn pages_say_what_an_empty_tenant_lacks() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let mut browser = world.browser();
    let page = browser.visit(&request("bookstore"), "en").await;
    assert_eq!(page.status, 400);
    assert!(
        page.text.contains("Sign-in is not set up yet"),
        "{}",
        page.text
    );
    assert!(page.text.contains("the tenant has no application"));
    assert_eq!(
        browser.get(&request("bookstore")).await.json()["error_description"],
        "invalid client bookstore"
    );

    let (id, _) = create_application(&api).await;
    let to_page = browser.visit(&request(&id), "en").await;
    let page = browser.visit(to_page.location(), "ja").await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("サインインの設定がまだ完了していません"));
    assert!(page.text.contains("the tenant has no SMS connector"));
    api.create("connectors", connector()).await;
    let page = browser.visit(to_page.location(), "zh-CN").await;
    assert!(page.text.contains("登录尚未设置完成"));
    assert!(
        page.text
            .contains("no sign-in by phone and verification code")
    );
    api.patch("sign-in-exp", phone_experience()).await;
    let page = browser.visit(to_page.location(), "en").await;
    assert_eq!(page.status, 200);
    let resume = browser.prove_phone(&world, PHONE).await;
    let back = browser.follow(&resume).await;
    assert!(back.authorization_response().contains_key("code"));
}

#[tokio::test]
async fn a_secret_is_changed_without_a_break() {
    let world = World::empty().await;
    let api = world.management_api().await;
    api.set_up_sign_in().await;
    let (id, first) = create_application(&api).await;
    let path = format!("applications/{id}/secrets");
    let second = api.post(&path, json!({"name": "2026-12"})).await;
    assert_eq!(second.status, 201);
    let second = second.json()["value"].as_str().unwrap().to_owned();
    let soon = (world.clock.unix() + 60) * 1000;
    let third = json!({"name": "for a minute", "expiresAt": soon});
    let third = api.post(&path, third).await.json();
    assert_eq!(third["expiresAt"], soon);
    let third = third["value"].as_str().unwrap().to_owned();
    for secret in [&first, &second, &third] {
        sign_in(&world, &id, secret).await;
    }
    assert_eq!(
        api.delete(&format!("{path}/Default%20secret")).await.status,
        204
    );
    let fault = async |secret: &str| {
        let answer = exchange(&world, &id, secret, "a code").await;
        let body = answer.json();
        (
            answer.status,
            body["error_description"].as_str().unwrap().to_owned(),
        )
    };
    let failed = (401, "client authentication failed".to_owned());
    let passed = (400, "grant request is invalid".to_owned());
    assert_eq!(fault(&first).await, failed);
    assert_eq!(fault(&third).await, passed);
    world.advance(60);
    let expired = (400, "client secret has expired".to_owned());
    assert_eq!(fault(&third).await, expired);
    assert_eq!(fault(&second).await, passed);
    assert_eq!(fault("wrong").await, failed);
}

#[tokio::test]
async fn a_change_counts_for_the_next_request() {
    let world = World::empty().await;
    let api = world.management_api().await;
    api.set_up_sign_in().await;
    let (id, _) = create_application(&api).await;
    let mut browser = world.browser();
    assert_eq!(browser.get(&request(&id)).await.status, 303);
    let path = format!("applications/{id}");
    let elsewhere = json!({"oidcClientMetadata": {
        "redirectUris": ["https://app.example/callback"],
        "postLogoutRedirectUris": [],
    }});
    assert_eq!(api.patch(&path, elsewhere).await.status, 200);
    let refused = browser.get(&request(&id)).await;
    assert_eq!(refused.json()["code"], "oidc.invalid_redirect_uri");
    assert_eq!(api.delete(&path).await.status, 204);
    let gone = browser.get(&request(&id)).await;
    assert_eq!(gone.json()["code"], "oidc.invalid_client");
}

#[tokio::test]
async fn a_restart_keeps_what_the_api_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("provider.sqlite"));
    let first = World::without_file(database.clone()).await;
    let api = first.management_api().await;
    api.set_up_sign_in().await;
    let (id, secret) = create_application(&api).await;
    let experience = api.get("sign-in-exp").await.json();
    let roles = api.get("roles").await.json();

    let second = World::without_file(database).await;
    let api = second.management_api().await;
    assert_eq!(api.get("sign-in-exp").await.json(), experience);
    assert_eq!(api.get("roles").await.json(), roles);
    sign_in(&second, &id, &secret).await;
}

#[tokio::test]
async fn a_file_wins_over_what_is_stored_for_what_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("provider.sqlite"));
    let first = World::on(database.clone(), clock::Clock::system()).await;
    let api = first.management_api().await;
    let changed = json!({"name": "Changed", "customData": {"kept": true}});
    assert_eq!(
        api.patch("applications/bookstore", changed).await.status,
        200
    );
    let terms = json!({"signInMode": "SignIn", "termsOfUseUrl": "https://shop.example/terms"});
    assert_eq!(api.patch("sign-in-exp", terms).await.status, 200);
    let other = api.create("applications", application()).await;
    let connectors = api.get("connectors").await.json();

    let second = World::on(database, clock::Clock::system()).await;
    let api = second.management_api().await;
    let bookstore = api.get("applications/bookstore").await.json();
    assert_eq!(
        (&bookstore["name"], &bookstore["customData"]["kept"]),
        (&"Bookstore".into(), &true.into())
    );
    let experience = api.get("sign-in-exp").await.json();
    assert_eq!(
        (&experience["signInMode"], &experience["termsOfUseUrl"]),
        (
            &"SignInAndRegister".into(),
            &"https://shop.example/terms".into()
        )
    );
    assert_eq!(api.get(&format!("applications/{other}")).await.status, 200);
    assert_eq!(
        api.get("connectors").await.json()[0]["id"],
        connectors[0]["id"]
    );
}
