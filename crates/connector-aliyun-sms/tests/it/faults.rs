//! Faults on demand, and how the client handles each.

use crate::support::{self, RawRequest, Server, http};
use connector_aliyun_sms::{
    Receipt, Refusal, SendError,
    sandbox::{Fault, Garbage},
};
use serde_json::{Value, json};

async fn send(server: &Server) -> Result<Receipt, SendError> {
    let outcome = support::send(&server.client(), "8613900000000").await;
    if let Err(error) = &outcome {
        let text = format!("{error} {error:?} {}", error.advice());
        for private in ["13900000000", "271828", support::SECRET] {
            assert!(!text.contains(private), "{text}");
        }
    }
    outcome
}

async fn post(server: &Server, body: Value) -> (u16, String) {
    let request = http().post(server.url("/api/faults"));
    let request = request.header("content-type", "application/json");
    let response = request.body(body.to_string()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn p060_each_fault_has_its_error_and_then_all_is_well() {
    let server = Server::start().await;
    for (fault, expected) in [
        (
            json!({"kind": "status", "status": 500}),
            "not understood (HTTP 500)",
        ),
        (
            json!({"kind": "status", "status": 503}),
            "not understood (HTTP 503)",
        ),
        (json!({"kind": "garbage"}), "not understood (HTTP 200)"),
        (
            json!({"kind": "garbage", "body": "empty"}),
            "not understood (HTTP 200)",
        ),
        (
            json!({"kind": "garbage", "body": "truncated"}),
            "not understood (HTTP 200)",
        ),
        (
            json!({"kind": "throttled"}),
            "too many requests (Throttling.User",
        ),
        (
            json!({"kind": "code", "code": "isv.AMOUNT_NOT_ENOUGH"}),
            "balance is not enough (isv.AMOUNT_NOT_ENOUGH",
        ),
        (
            json!({"kind": "code", "code": "ServiceUnavailable"}),
            "the service has a fault (ServiceUnavailable",
        ),
    ] {
        assert_eq!(post(&server, fault.clone()).await.0, 204, "{fault}");
        let error = send(&server).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{fault}: {error}");
        assert!(server.sandbox.messages().is_empty());
    }
    send(&server).await.unwrap();
}

#[tokio::test]
async fn p060_a_slow_answer_is_the_right_one_and_a_too_slow_one_is_given_up() {
    let server = Server::start().await;
    tokio::time::pause(); // from here on, time runs ahead when everybody waits
    server
        .sandbox
        .add_fault(Fault::Slow { seconds: 5 }, 1)
        .unwrap();
    send(&server).await.unwrap();
    server
        .sandbox
        .add_fault(Fault::Slow { seconds: 30 }, 1)
        .unwrap();
    let error = send(&server).await.unwrap_err();
    assert!(matches!(error, SendError::NoAnswer(_)), "{error:?}");
}

#[tokio::test]
async fn every_code_that_is_known_can_be_asked_for() {
    let server = Server::start().await;
    let codes = include_str!("../../src/sandbox/codes.txt");
    for line in codes.lines() {
        let mut words = line.splitn(3, ' ');
        let (status, code) = (words.next().unwrap(), words.next().unwrap());
        let message = words.next().unwrap();
        let fault = Fault::Code {
            code: code.to_owned(),
        };
        server.sandbox.add_fault(fault, 2).unwrap();
        let mut request = RawRequest::new(&server);
        request.set_header("x-acs-signature-nonce", code);
        request.sign(support::KEY_ID, support::SECRET);
        let (answered, body) = request.post(&server).await;
        assert_eq!(answered.to_string(), status, "{code}");
        assert_eq!(
            (&body["Code"], &body["Message"]),
            (&code.into(), &message.into())
        );
        assert_eq!(body.get("HostId").is_some(), status != "200", "{code}");

        let error = send(&server).await.unwrap_err();
        assert!(error.refusal().is_some(), "{code}: {error:?}");
        assert!(error.to_string().contains(code), "{error}");
    }
}

#[tokio::test]
async fn faults_are_listed_cleared_and_refused_when_there_are_no_such() {
    let server = Server::start().await;
    let twice = json!({"kind": "slow", "seconds": 1, "times": 2});
    assert_eq!(post(&server, twice).await.0, 204);
    let list = server.get("/api/faults").await.text().await.unwrap();
    assert_eq!(
        list,
        r#"[{"kind":"slow","seconds":1},{"kind":"slow","seconds":1}]"#
    );
    let clear = http()
        .delete(server.url("/api/faults"))
        .send()
        .await
        .unwrap();
    assert_eq!(clear.status(), 204);
    send(&server).await.unwrap();

    for (body, expected) in [
        (
            json!({"kind": "status", "status": 200}),
            "`status` must be 500 to 599",
        ),
        (
            json!({"kind": "code", "code": "isv.X"}),
            "`code` is not a known error code",
        ),
        (json!({"kind": "throttled", "times": 0}), "`times` must be"),
        (json!({"kind": "fire"}), "unknown variant `fire`"),
    ] {
        let (status, text) = post(&server, body).await;
        assert_eq!(status, 422, "{text}");
        assert!(text.contains(expected), "{text}");
    }
    // A page of another site can send plain text, but not the content type of JSON.
    let text = http()
        .post(server.url("/api/faults"))
        .body(r#"{"kind":"throttled"}"#);
    assert_eq!(text.send().await.unwrap().status(), 415);
    send(&server).await.unwrap();
}

#[tokio::test]
async fn a_refusal_that_is_a_fault_has_the_meaning_of_its_code() {
    let server = Server::start().await;
    let fault = Fault::Garbage {
        body: Garbage::Html,
    };
    server.sandbox.add_fault(fault, 1).unwrap();
    server.sandbox.add_fault(Fault::Throttled, 1).unwrap();
    assert_eq!(send(&server).await.unwrap_err().refusal(), None);
    let throttled = send(&server).await.unwrap_err();
    assert_eq!(throttled.refusal(), Some(Refusal::Throttled));
}

#[tokio::test]
async fn a_fault_waits_for_a_request_that_is_signed_rightly() {
    let server = Server::start().await;
    server.sandbox.add_fault(Fault::Throttled, 1).unwrap();
    // Requests that a page of another site can cause.
    server.get("/?x").await;
    server
        .get("/?Action=SendSms&PhoneNumbers=8613900000000")
        .await;
    http().post(server.url("/")).send().await.unwrap();
    // Requests without the secret.
    let mut request = RawRequest::new(&server);
    request.sign(support::KEY_ID, "another secret");
    assert_eq!(
        request.post(&server).await.1["Code"],
        "SignatureDoesNotMatch"
    );
    assert_eq!(server.sandbox.waiting_faults(), [Fault::Throttled]);

    let error = send(&server).await.unwrap_err();
    assert_eq!(error.refusal(), Some(Refusal::Throttled));
    assert!(server.sandbox.waiting_faults().is_empty());
    send(&server).await.unwrap();
}

#[tokio::test]
async fn the_thousand_and_first_fault_is_refused() {
    let server = Server::start().await;
    let body = json!({"kind": "throttled", "times": 1_000});
    assert_eq!(post(&server, body.clone()).await.0, 204);
    let (status, text) = post(&server, body).await;
    assert_eq!(status, 422);
    assert!(text.contains("at most 1000 faults"), "{text}");
}
