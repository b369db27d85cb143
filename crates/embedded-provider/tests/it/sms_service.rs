//! What a person sees when the SMS service fails.

use crate::support::{
    Answer, Request, World,
    browser::{CODE, send_body},
};
use connector_aliyun_sms::sandbox::{Fault, Garbage};
use serde_json::json;

/// Requests a code while the service fails in this way.
async fn ask(world: &World, phone: &str, fault: Fault) -> Answer {
    world.let_the_sms_service_have(fault);
    let mut browser = world.browser();
    browser.get(&Request::new().address()).await;
    let event = json!({"interactionEvent": "SignIn"});
    browser.put("/api/experience", event).await;
    let answer = browser.post(CODE, send_body(phone, "SignIn")).await;
    assert_eq!(world.messages(), 0);
    for private in [phone, "access key secret"] {
        assert!(!answer.json().to_string().contains(private), "{phone}");
    }
    answer
}

#[tokio::test]
async fn p057_p059_p060_each_fault_is_answered_as_logto_answers_it_and_sent_to_nobody() {
    let world = World::new().await;
    let code = |code: &str| Fault::Code {
        code: code.to_owned(),
    };
    let garbage = |body| Fault::Garbage { body };
    let (general, invalid) = ("connector.general", "connector.invalid_response");
    let cases = [
        (
            code("isv.BUSINESS_LIMIT_CONTROL"),
            429,
            "connector.rate_limit_exceeded",
        ),
        (code("isv.MOBILE_NUMBER_ILLEGAL"), 400, general),
        (code("isv.AMOUNT_NOT_ENOUGH"), 400, general),
        (code("SignatureDoesNotMatch"), 400, general),
        (code("InvalidAccessKeyId.NotFound"), 400, general),
        (code("InvalidTimeStamp.Expired"), 400, general),
        (Fault::Throttled, 400, general),
        (Fault::Status { status: 500 }, 400, invalid),
        (garbage(Garbage::Html), 400, invalid),
        (garbage(Garbage::Empty), 400, invalid),
        (garbage(Garbage::Truncated), 400, invalid),
    ];
    for (index, (fault, status, expected)) in cases.into_iter().enumerate() {
        let phone = format!("86139446680{index:02}");
        let answer = ask(&world, &phone, fault.clone()).await;
        assert_eq!(answer.status, status, "{fault:?}");
        assert_eq!(answer.json()["code"], expected, "{fault:?}");
        let text = answer.json().to_string().to_lowercase();
        for of_the_operator in ["balance", "clock", "access key", "account"] {
            assert!(!text.contains(of_the_operator), "{fault:?}: {text}");
        }
    }
    assert_eq!(world.waiting_faults(), 0, "each was asked once");
}
