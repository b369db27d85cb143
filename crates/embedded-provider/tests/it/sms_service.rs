//! What a person sees when the SMS service fails.

use crate::support::{
    Answer, Browser, PHONE, World,
    browser::{CODE, send_body},
};
use connector_aliyun_sms::sandbox::{Fault, Garbage};
use serde_json::{Value, json};

/// Requests a code while the service fails in this way.
async fn ask(world: &World, phone: &str, fault: Fault) -> Answer {
    world.let_the_sms_service_have(fault);
    let mut browser = world.browser_on_the_page().await;
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

/// A browser with a code in hand. Returns its verification's id and the code.
async fn with_a_code(world: &World) -> (Browser, String, String) {
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    (browser, id, code)
}

#[tokio::test]
async fn q01_a_refused_resend_leaves_the_code_in_hand() {
    let faults = [
        Fault::Code {
            code: "isv.BUSINESS_LIMIT_CONTROL".to_owned(),
        },
        Fault::Code {
            code: "isv.AMOUNT_NOT_ENOUGH".to_owned(),
        },
        Fault::Status { status: 503 },
        Fault::Throttled,
        Fault::Garbage {
            body: Garbage::Empty,
        },
    ];
    for fault in faults {
        let world = World::new().await;
        let (mut browser, id, code) = with_a_code(&world).await;
        world.let_the_sms_service_have(fault.clone());
        let refused = browser.post(CODE, send_body(PHONE, "SignIn")).await;
        assert!(refused.status >= 400, "{fault:?}");
        let verified = browser.verify(PHONE, &id, &code).await;
        assert_eq!(verified.status, 200, "{fault:?}: {}", verified.text);
        assert_eq!(
            browser.identify(&id).await.json()["code"],
            "user.user_not_exist"
        );
    }
}

#[tokio::test]
async fn q01_a_code_lives_until_the_service_has_accepted_a_newer_one() {
    let world = World::new().await;
    let (mut browser, first, first_code) = with_a_code(&world).await;
    world.let_the_sms_service_have(Fault::Status { status: 503 });
    browser.post(CODE, send_body(PHONE, "SignIn")).await;
    let sent = browser.post(CODE, send_body(PHONE, "SignIn")).await.json();
    let second = sent["verificationId"].as_str().unwrap();
    assert_eq!(browser.verify(PHONE, &first, &first_code).await.status, 404);
    let code = world.newest_code(PHONE);
    assert_eq!(browser.verify(PHONE, second, &code).await.status, 200);
}

#[tokio::test]
async fn q01_when_the_service_is_silent_both_codes_work_and_the_page_gets_to_the_code_step() {
    for code_of_the_second in [false, true] {
        let world = World::new().await;
        let (mut browser, first, first_code) = with_a_code(&world).await;
        world.let_the_sms_service_break();
        let silent = browser.post(CODE, send_body(PHONE, "SignIn")).await;
        assert_eq!(
            (silent.status, &silent.json()["code"]),
            (400, &json!("connector.general"))
        );
        let data = silent.json()["data"].clone();
        assert_eq!(data["reason"], "no_answer");
        let second = data["verificationId"].as_str().unwrap();
        let code = if code_of_the_second {
            world.newest_code(PHONE)
        } else {
            first_code
        };
        for id in [&first, second] {
            let mut browser = browser.clone();
            if id == second {
                // One code is used once, under either id.
                assert_eq!(browser.verify(PHONE, id, &code).await.status, 400);
            } else {
                assert_eq!(browser.verify(PHONE, id, &code).await.status, 200);
                assert_eq!(
                    browser.identify(id).await.status,
                    404,
                    "nobody has the number yet"
                );
            }
        }
    }
}

#[tokio::test]
async fn q01_the_first_code_works_when_the_service_was_silent() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser
        .put("/api/experience", json!({"interactionEvent": "SignIn"}))
        .await;
    world.let_the_sms_service_break();
    let silent = browser.post(CODE, send_body(PHONE, "SignIn")).await.json();
    let id = silent["data"]["verificationId"].as_str().unwrap();
    let code = world.newest_code(PHONE);
    assert_eq!(browser.verify(PHONE, id, &code).await.status, 200);
}

#[tokio::test]
async fn q01_a_limit_is_answered_with_the_time_until_its_window_ends() {
    let world = World::new().await; // 41 seconds after the minute
    let fault = Fault::Code {
        code: "isv.BUSINESS_LIMIT_CONTROL".to_owned(),
    };
    let limited = ask(&world, PHONE, fault).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "19"));
}

#[tokio::test]
async fn q08_only_a_refused_number_is_said_to_be_the_reason() {
    let world = World::new().await;
    for (index, (code, data)) in [
        ("isv.MOBILE_NUMBER_ILLEGAL", json!({"reason": "number"})),
        ("isv.SMS_SIGNATURE_ILLEGAL", Value::Null),
        ("isv.AMOUNT_NOT_ENOUGH", Value::Null),
        ("isp.SYSTEM_ERROR", Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let fault = Fault::Code {
            code: code.to_owned(),
        };
        let answer = ask(&world, &format!("86139446690{index:02}"), fault).await;
        assert_eq!(answer.json()["data"], data, "{code}");
    }
    let down = ask(&world, PHONE, Fault::Status { status: 503 }).await;
    assert_eq!(down.json()["data"], Value::Null);
}
