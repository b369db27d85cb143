//! What a run says when a call fails: which call, why, and what to do next. No secret.

use crate::support::{Fault, Program, Relay, SECRETS, TOKEN};
use serde_json::json;

const NEW_APPLICATION: &str = "POST /api/applications";

/// An answer of Logto with a code.
fn refusal(status: u16, code: &str) -> Fault {
    Fault::Json(
        status,
        "",
        json!({ "code": code, "message": "What it means." }),
    )
}

async fn empty_tenant() -> (Relay, Program) {
    let relay = Relay::to(None).await;
    let program = Program::at(&relay.url, &relay.url);
    (relay, program)
}

#[tokio::test]
async fn each_refusal_names_the_call_and_what_to_do() {
    let (relay, program) = empty_tenant().await;
    for (fault, expected) in [
        (
            refusal(401, "auth.unauthorized"),
            "Logto answers 401 auth.unauthorized (What it means.); what to do: check LOGTO_ADMIN_ENDPOINT and LOGTO_MANAGEMENT_RESOURCE",
        ),
        (
            refusal(403, "auth.forbidden"),
            "Logto answers 403 auth.forbidden (What it means.); what to do: give the application of LOGTO_MANAGEMENT_APP_ID the role",
        ),
        (
            Fault::Text(404, "text/plain", "Not Found"),
            "Logto answers 404; what to do: check that LOGTO_ENDPOINT is the address of a Logto (1.19 or newer)",
        ),
        (
            refusal(400, "guard.invalid_input"),
            "Logto answers 400 guard.invalid_input (What it means.); what to do: correct the tenant file",
        ),
        (
            refusal(422, "application.invalid_type"),
            "Logto answers 422 application.invalid_type (What it means.); what to do: correct the tenant file",
        ),
        (
            Fault::Json(429, "Retry-After: 600\r\n", json!({})),
            "Logto answers 429; what to do: run the same command again in 600 seconds",
        ),
        (
            Fault::Json(500, "", json!({ "message": "Internal server error." })),
            "Logto answers 500 (Internal server error.); what to do: look into Logto's log",
        ),
        (
            Fault::Text(502, "text/html", "<html>Bad gateway</html>"),
            "the answer 502 is a page, not JSON; what to do: check that LOGTO_ENDPOINT",
        ),
        (
            Fault::Text(200, "text/html", "<!doctype html><title>Console</title>"),
            "the answer 200 is a page, not JSON; what to do: check that LOGTO_ENDPOINT",
        ),
        (
            Fault::Text(301, "text/plain", ""),
            "Logto answers 301; what to do: set LOGTO_ENDPOINT to the address that it leads to",
        ),
        (
            Fault::Json(200, "", json!({ "name": "no id" })),
            "the answer is not as Logto's are (at `.`); what to do: check that LOGTO_ENDPOINT",
        ),
        (
            Fault::HalfABody,
            "Logto broke off in the middle of its answer; what to do: run the same command again",
        ),
        (
            Fault::Lost,
            "Logto closed the connection without an answer; what to do: run the same command again",
        ),
    ] {
        relay.mend();
        relay.disturb(NEW_APPLICATION, 9, fault.clone());
        let ran = program.run(&["apply"]).await.expect(1);
        let expected = format!("POST /api/applications: {expected}");
        assert!(
            ran.error().starts_with(&expected),
            "{fault:?}: {}",
            ran.error()
        );
        // A write is made once; a 401 asks for a new token in between.
        let requests = relay.requests();
        let writes = requests
            .iter()
            .filter(|request| *request == NEW_APPLICATION);
        let expected = if ran.error().contains(" 401 ") { 2 } else { 1 };
        assert_eq!(writes.count(), expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_slow_answer_ends_after_ten_seconds() {
    let (relay, program) = empty_tenant().await;
    relay.disturb(NEW_APPLICATION, 1, Fault::Silence);
    let ran = program.run(&["apply"]).await.expect(1);
    let expected = "POST /api/applications: Logto did not answer within 10 seconds; what to do: run the same command again";
    assert!(ran.error().starts_with(expected), "{}", ran.error());
}

#[tokio::test]
async fn a_read_is_repeated_and_a_write_is_not() {
    let (relay, program) = empty_tenant().await;
    for fault in [Fault::Lost, Fault::HalfABody] {
        relay.disturb("GET /api/connectors", 2, fault);
        program.run(&["plan"]).await.expect(2);
    }
    relay.disturb("GET /api/connectors", 3, Fault::Lost);
    let ran = program.run(&["plan"]).await.expect(1);
    assert!(
        ran.error().starts_with("GET /api/connectors: Logto closed"),
        "{}",
        ran.error()
    );
}

#[tokio::test]
async fn too_many_requests_are_waited_out() {
    let (relay, program) = empty_tenant().await;
    let busy = |seconds| Fault::Json(429, seconds, json!({}));
    relay.disturb("GET /api/connectors", 3, busy("Retry-After: 0\r\n"));
    program.run(&["plan"]).await.expect(2);
    relay.disturb("GET /api/connectors", 4, busy("Retry-After: 0\r\n"));
    let ran = program.run(&["plan"]).await.expect(1);
    assert!(
        ran.error()
            .starts_with("GET /api/connectors: Logto answers 429"),
        "{}",
        ran.error()
    );
}

#[tokio::test]
async fn a_token_that_ended_is_renewed() {
    let (relay, program) = empty_tenant().await;
    relay.disturb("GET /api/sign-in-exp", 1, refusal(401, "auth.unauthorized"));
    program.run(&["plan"]).await.expect(2);
    let requests = relay.requests();
    let tokens = requests
        .iter()
        .filter(|request| *request == "POST /oidc/token");
    assert_eq!(tokens.count(), 2);
}

#[tokio::test]
async fn a_refused_token_names_the_setting() {
    let (relay, program) = empty_tenant().await;
    let refused = |status, error: &str, description: &str| {
        let code = format!("oidc.{error}");
        Fault::Json(
            status,
            "",
            json!({ "code": code, "message": "An OIDC error.", "error": error, "error_description": description }),
        )
    };
    for (fault, expected) in [
        (
            refused(401, "invalid_client", "client authentication failed"),
            "check LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET",
        ),
        (
            refused(400, "invalid_client", "invalid client m-default"),
            "check LOGTO_MANAGEMENT_APP_ID; for an application that you made in the console LOGTO_ADMIN_ENDPOINT is LOGTO_ENDPOINT",
        ),
        (
            refused(
                400,
                "invalid_target",
                "resource indicator is missing, or unknown",
            ),
            "check LOGTO_MANAGEMENT_RESOURCE",
        ),
        (
            refused(400, "invalid_request", "client secret has expired"),
            "make a new secret for the application",
        ),
        (
            Fault::Text(404, "text/plain", "Not Found"),
            "check that LOGTO_ADMIN_ENDPOINT is the address of a Logto",
        ),
        (
            Fault::Text(200, "text/html", "<html></html>"),
            "check that LOGTO_ADMIN_ENDPOINT is the address of a Logto",
        ),
    ] {
        relay.mend();
        relay.disturb("POST /oidc/token", 1, fault);
        let ran = program.run(&["plan"]).await.expect(1);
        let error = ran.error();
        assert!(
            error.starts_with(&format!("POST {}/oidc/token: ", relay.url)),
            "{error}"
        );
        assert!(
            error.contains(&format!("what to do: {expected}")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_named() {
    let relay = Relay::to(None).await;
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port())
    };
    for (endpoint, admin_endpoint, call, setting) in [
        (
            &relay.url,
            &nobody,
            format!("POST {nobody}/oidc/token"),
            "LOGTO_ADMIN_ENDPOINT",
        ),
        (
            &nobody,
            &relay.url,
            "GET /api/applications".to_owned(),
            "LOGTO_ENDPOINT",
        ),
    ] {
        let ran = Program::at(endpoint, admin_endpoint)
            .run(&["plan"])
            .await
            .expect(1);
        let error = ran.error();
        assert!(
            error.starts_with(&format!(
                "{call}: Logto cannot be reached (Connection refused"
            )),
            "{error}"
        );
        assert!(error.contains(&format!("check {setting}, and")), "{error}");
    }
}

/// Logto knows what was sent to it.
#[tokio::test]
async fn an_answer_that_repeats_secrets_is_not_repeated() {
    let (relay, program) = empty_tenant().await;
    let [management, _, access_key_id, access_key_secret, _] = SECRETS.map(|(_, secret)| secret);
    for (command, request, secrets) in [
        (
            "apply",
            "POST /api/connectors",
            &[TOKEN, management, access_key_id, access_key_secret][..],
        ),
        ("plan", "GET /api/applications", &[TOKEN, management]),
        ("plan", "POST /oidc/token", &[management]),
    ] {
        let said = format!("Wrong:\n{}\u{1b}[2J", secrets.join(" "));
        for code in ["guard.invalid_input", "connector.general", &said] {
            relay.mend();
            let echo = json!({ "code": code, "message": said, "details": said, "error_description": said, "data": { "Code": said } });
            relay.disturb(request, 1, Fault::Json(400, "", echo));
            relay.disturb(
                NEW_APPLICATION,
                1,
                Fault::Json(200, "", json!({ "id": "app" })),
            );
            let ran = program.run(&[command]).await.expect(1);
            let (_, path) = request.split_once(' ').unwrap();
            assert!(ran.error().contains(path), "{}", ran.error());
            assert!(!ran.stderr().contains('\u{1b}'), "{}", ran.stderr());
        }
    }
}
