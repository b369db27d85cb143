//! `test-sms`: a message through Logto and the SMS service.

use crate::support::{Fault, TestTenant};
use connector_aliyun_sms::sandbox;
use serde_json::json;

const PHONE: &str = "+8613900000000";

#[tokio::test]
async fn a_message_arrives_and_nothing_is_stored() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program();
    program.run(&["test-sms", "--phone", PHONE]).await.expect(0);
    let messages = tenant.sandbox.messages_to("8613900000000");
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].param["code"], "000000");
    assert_eq!(tenant.get("connectors").await, json!([]));
}

#[tokio::test]
async fn a_refusal_is_explained_without_the_number() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program();
    for (code, expected) in [
        (
            "isv.AMOUNT_NOT_ENOUGH",
            "the account's balance is not enough. Charge the account",
        ),
        (
            "isv.SMS_SIGNATURE_ILLEGAL",
            "the sign name is refused. Compare `signName`",
        ),
        (
            "isv.BUSINESS_LIMIT_CONTROL",
            "the number has received too many messages. Let the person wait",
        ),
        (
            "SignatureDoesNotMatch",
            "the access key is refused. Compare `accessKeyId`",
        ),
    ] {
        let status = if code.starts_with("isv.BUSINESS") {
            429
        } else {
            400
        };
        let said = json!({ "code": "connector.general", "message": PHONE, "data": { "Code": code, "errorDescription": PHONE } });
        tenant
            .relay
            .disturb("POST /api/connectors", 1, Fault::Json(status, "", said));
        let ran = program.run(&["test-sms", "--phone", PHONE]).await.expect(1);
        let expected = format!("Aliyun refuses the message with {code}: {expected}");
        assert!(ran.error().starts_with(&expected), "{}", ran.error());
        assert!(!ran.stderr().contains("13900000000"), "{}", ran.stderr());
    }
    assert_eq!(tenant.sandbox.messages_to("8613900000000").len(), 0);
}

#[tokio::test]
async fn the_services_own_refusal_comes_through_logto() {
    let tenant = TestTenant::empty().await;
    let code = sandbox::Fault::Code {
        code: "isv.OUT_OF_SERVICE".to_owned(),
    };
    tenant.sandbox.add_fault(code, 1).unwrap();
    let ran = tenant
        .program()
        .run(&["test-sms", "--phone", PHONE])
        .await
        .expect(1);
    let expected = "Aliyun refuses the message with isv.OUT_OF_SERVICE: the account or its SMS service is stopped";
    assert!(ran.error().starts_with(expected), "{}", ran.error());
}

#[tokio::test]
async fn what_keeps_logto_from_sending_is_said() {
    let tenant = TestTenant::empty().await;
    for (fault, expected) in [
        (
            Fault::Json(500, "", json!({ "message": "Internal server error." })),
            "Logto cannot reach Aliyun. Let Logto's machine reach dysmsapi.aliyuncs.com",
        ),
        (
            Fault::Json(429, "", json!({ "code": "request.message_rate_limited" })),
            "Logto sends no more messages to this number for now",
        ),
        (
            Fault::Json(
                400,
                "",
                json!({ "code": "connector.invalid_config", "details": "Error in key path \"signName\"" }),
            ),
            "POST /api/connectors/aliyun-short-message-service/test: Logto answers 400 connector.invalid_config (Error in key path \"signName\")",
        ),
    ] {
        tenant.relay.disturb("POST /api/connectors", 1, fault);
        let ran = tenant
            .program()
            .run(&["test-sms", "--phone", PHONE])
            .await
            .expect(1);
        assert!(ran.error().starts_with(expected), "{}", ran.error());
    }
}
