//! The Experience API: refusals with Logto's messages, and what the tenant allows.

use crate::support::{
    Answer, PHONE, Request, World,
    browser::{CODE, send_body},
};
use reqwest::Method;
use serde_json::{Value, json};

fn event(event: &str) -> Value {
    json!({"interactionEvent": event})
}

fn code(answer: &Answer) -> (u16, String) {
    (
        answer.status,
        answer.json()["code"].as_str().unwrap().to_owned(),
    )
}

/// Every call, with a valid body.
fn calls() -> [(Method, String, Value); 6] {
    let identifier = json!({"type": "phone", "value": PHONE});
    [
        (Method::PUT, "/api/experience".to_owned(), event("SignIn")),
        (
            Method::PUT,
            "/api/experience/interaction-event".to_owned(),
            event("SignIn"),
        ),
        (Method::POST, CODE.to_owned(), send_body(PHONE, "SignIn")),
        (
            Method::POST,
            format!("{CODE}/verify"),
            json!({"identifier": identifier, "verificationId": "x", "code": "000000"}),
        ),
        (
            Method::POST,
            "/api/experience/identification".to_owned(),
            json!({"verificationId": "x"}),
        ),
        (Method::POST, "/api/experience/submit".to_owned(), json!({})),
    ]
}

#[tokio::test]
async fn without_an_interaction_nothing_happens_and_nothing_is_sent() {
    let world = World::new().await;
    for (method, path, body) in calls() {
        let expected = |description: &str| {
            (
                400,
                json!({
                    "code": "session.not_found",
                    "message": "Session not found. Please go back and sign in again.",
                    "error": "invalid_request",
                    "error_description": description,
                }),
            )
        };
        let mut browser = world.browser();
        let none = browser.json(method.clone(), &path, body.clone()).await;
        assert_eq!(
            none.outcome(),
            expected("interaction session id cookie not found"),
            "{path}"
        );
        browser.cookies.insert(
            ("_interaction".to_owned(), "/".to_owned()),
            "garbage".to_owned(),
        );
        let unknown = browser.json(method, &path, body).await;
        assert_eq!(
            unknown.outcome(),
            expected("interaction session not found"),
            "{path}"
        );
    }
    assert_eq!(world.messages(), 0);
}

#[tokio::test]
async fn the_experience_must_be_begun_first() {
    let world = World::new().await;
    for (method, path, body) in calls().into_iter().skip(1) {
        let mut browser = world.browser_on_the_page().await;
        let answer = browser.json(method, &path, body).await;
        assert_eq!(
            code(&answer),
            (404, "session.interaction_not_found".to_owned()),
            "{path}"
        );
    }
    assert_eq!(world.messages(), 0);
}

#[tokio::test]
async fn a_phone_number_is_one_number_of_digits() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser.put("/api/experience", event("SignIn")).await;
    let plus = browser
        .post(CODE, send_body("+8613800138000", "SignIn"))
        .await;
    assert_eq!(
        plus.outcome(),
        (
            400,
            json!({
                "code": "guard.invalid_input",
                "data": {
                    "issues": [{
                        "validation": "regex", "code": "invalid_string", "message": "Invalid",
                        "path": ["identifier", "value"],
                    }],
                    "name": "ZodError",
                },
                "details": "Error in key path \"identifier.value\": (invalid_string) Invalid",
                "message": "The request body is invalid.",
            })
        )
    );
    let identifiers = [
        json!({"type": "phone", "value": "8613800138000,8613900139000"}),
        json!({"type": "phone", "value": "8613800138000\n8613900139000"}),
        json!({"type": "phone", "value": ["8613800138000", "8613900139000"]}),
        json!({"type": "phone", "value": 8_613_800_138_000_i64}),
        json!({"type": "phone", "value": ""}),
        json!({"type": "email", "value": "a@example.com"}),
        json!([{"type": "phone", "value": "8613800138000"}]),
        json!(null),
    ];
    for identifier in identifiers {
        let body = json!({"identifier": identifier, "interactionEvent": "SignIn"});
        let answer = browser.post(CODE, body).await;
        assert_eq!(
            code(&answer),
            (400, "guard.invalid_input".to_owned()),
            "{identifier}"
        );
    }
    assert_eq!(world.messages(), 0);
}

#[tokio::test]
async fn a_person_must_prove_the_number_before_anything_else() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let unverified = browser.identify(&id).await;
    assert_eq!(
        code(&unverified),
        (400, "session.verification_failed".to_owned())
    );
    let unknown = browser.identify("unknown").await;
    assert_eq!(
        code(&unknown),
        (404, "session.verification_session_not_found".to_owned())
    );
    let submitted = browser.post("/api/experience/submit", json!({})).await;
    assert_eq!(
        code(&submitted),
        (404, "session.identifier_not_found".to_owned())
    );
}

#[tokio::test]
async fn beginning_anew_forgets_who_was_identified() {
    let world = World::new().await;
    world
        .browser()
        .sign_in(&world, &Request::new().address(), PHONE)
        .await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    browser.verify(PHONE, &id, &world.newest_code(PHONE)).await;
    let known = browser.identify(&id).await;
    assert_eq!((known.status, known.text.as_str()), (204, ""));
    browser.put("/api/experience", event("SignIn")).await;
    let submitted = browser.post("/api/experience/submit", json!({})).await;
    assert_eq!(
        code(&submitted),
        (404, "session.identifier_not_found".to_owned())
    );
    assert_eq!(browser.identify(&id).await.status, 404);
}

#[tokio::test]
async fn a_registered_number_cannot_register_again_and_may_sign_in_instead() {
    let world = World::new().await;
    world
        .browser()
        .sign_in(&world, &Request::new().address(), PHONE)
        .await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "Register").await;
    assert_eq!(world.newest_template(PHONE), "SMS_100000002");
    browser.verify(PHONE, &id, &world.newest_code(PHONE)).await;
    assert_eq!(
        browser.identify(&id).await.outcome(),
        (
            422,
            json!({
                "code": "user.phone_already_in_use",
                "message": "This phone number is associated with an existing account.",
            })
        )
    );
    browser
        .put("/api/experience/interaction-event", event("SignIn"))
        .await;
    assert_eq!(browser.identify(&id).await.status, 204);
}

#[tokio::test]
async fn of_two_registrations_of_one_number_one_wins() {
    let world = World::in_file().await;
    let mut ready = Vec::new();
    for _ in 0..2 {
        let mut browser = world.browser_on_the_page().await;
        let id = browser.ask_for_code(PHONE, "Register").await;
        browser.verify(PHONE, &id, &world.newest_code(PHONE)).await;
        ready.push((browser, id));
    }
    let registrations: Vec<_> = ready
        .into_iter()
        .map(|(mut browser, id)| tokio::spawn(async move { browser.identify(&id).await.status }))
        .collect();
    let mut statuses = Vec::new();
    for registration in registrations {
        statuses.push(registration.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[tokio::test]
async fn the_tenant_decides_who_may_come_in() {
    for (mode, refused, allowed) in [
        ("SignIn", "Register", "SignIn"),
        ("Register", "SignIn", "Register"),
    ] {
        let setting = format!("signInMode = \"{mode}\"");
        let world = World::with_tenant(|tenant| {
            tenant.replace("signInMode = \"SignInAndRegister\"", &setting)
        })
        .await;
        let mut browser = world.browser_on_the_page().await;
        let begun = browser.put("/api/experience", event(refused)).await;
        assert_eq!(code(&begun), (403, "auth.forbidden".to_owned()));
        assert_eq!(
            browser.put("/api/experience", event(allowed)).await.status,
            204
        );
        let changed = browser
            .put("/api/experience/interaction-event", event(refused))
            .await;
        assert_eq!(code(&changed), (403, "auth.forbidden".to_owned()));
    }
}

#[tokio::test]
async fn without_a_connector_no_code_is_sent_and_the_answer_says_why() {
    let world = World::with_tenant(|tenant| {
        let (before, rest) = tenant.split_once("[[connectors]]").unwrap();
        let (_, after) = rest.split_once("[signInExperience]").unwrap();
        format!("{before}[signInExperience]{after}")
    })
    .await;
    let mut browser = world.browser_on_the_page().await;
    browser.put("/api/experience", event("SignIn")).await;
    assert_eq!(
        browser
            .post(CODE, send_body(PHONE, "SignIn"))
            .await
            .outcome(),
        (
            501,
            json!({
                "code": "connector.not_found",
                "data": {"type": "Sms"},
                "message": "Cannot find any available connector for type: Sms.",
            })
        )
    );
}

#[tokio::test]
async fn what_the_sms_service_refuses_is_said_without_number_and_reason() {
    let world = World::with_tenant(|tenant| tenant.replace("SMS_100000001", "SMS_404")).await;
    let mut browser = world.browser_on_the_page().await;
    browser.put("/api/experience", event("SignIn")).await;
    let refused = browser.post(CODE, send_body(PHONE, "SignIn")).await;
    assert_eq!(
        refused.outcome(),
        (
            400,
            json!({
                "code": "connector.general",
                "message": "Error occurred in connector.",
            })
        )
    );
}

#[tokio::test]
async fn a_tenant_that_does_not_use_phones_sends_no_codes() {
    let world = World::with_tenant(|tenant| {
        tenant
            .replace("identifier = \"phone\"", "identifier = \"email\"")
            .replace("identifiers = [\"phone\"]", "identifiers = [\"email\"]")
    })
    .await;
    let mut browser = world.browser_on_the_page().await;
    browser.put("/api/experience", event("SignIn")).await;
    let refused = browser.post(CODE, send_body(PHONE, "SignIn")).await;
    assert_eq!(
        code(&refused),
        (422, "user.sign_in_method_not_enabled".to_owned())
    );
    assert_eq!(world.messages(), 0);
}

#[tokio::test]
async fn an_interaction_that_waits_for_consent_is_no_sign_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser
        .sign_in(&world, &Request::plain().address(), PHONE)
        .await;
    let hop = browser.get(&Request::new().address()).await;
    assert_eq!(hop.location(), "/consent?app_id=bookstore");
    let begun = browser.put("/api/experience", event("SignIn")).await;
    assert_eq!(code(&begun), (400, "session.not_found".to_owned()));
}
