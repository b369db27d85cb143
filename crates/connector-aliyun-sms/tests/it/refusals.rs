//! What the sandbox refuses, with Aliyun's status, code and message.

use crate::support::{KEY_ID, NOW, RawRequest, SECRET, Server, TOO_LATE};
use connector_aliyun_sms::sandbox::Account;
use serde_json::Value;

/// Makes a request invalid.
type Change = fn(&mut RawRequest);

fn assert_gateway_error((status, body): (u16, Value), code: &str, case: &str) {
    let expected = if code.ends_with(".NotFound") {
        404
    } else {
        400
    };
    assert_eq!(
        (status, body["Code"].as_str()),
        (expected, Some(code)),
        "{case}"
    );
    assert_eq!(body["HostId"], "dysmsapi.aliyuncs.com");
    let id = body["RequestId"].as_str().unwrap();
    assert_eq!(id, id.to_uppercase());
    assert_eq!(
        body["Recommend"],
        format!("https://api.aliyun.com/troubleshoot?q={code}&product=Dysmsapi&requestId={id}")
    );
    assert!(body.get("BizId").is_none());
}

#[tokio::test]
async fn the_access_key_is_checked_first_then_the_signature_then_the_parameters() {
    let server = Server::start().await;
    let mut request = RawRequest::new(&server);
    request.query.clear();
    request.sign(KEY_ID, SECRET);
    let cases = [
        (
            "",
            SECRET,
            "MissingAccessKeyId",
            "AccessKeyId is mandatory for this action.",
        ),
        (
            "nobody",
            SECRET,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        ),
        (
            KEY_ID,
            "wrong",
            "SignatureDoesNotMatch",
            "Specified signature does not match our calculation.",
        ),
        (
            KEY_ID,
            SECRET,
            "MissingPhoneNumbers",
            "PhoneNumbers is mandatory for this action.",
        ),
    ];
    for (key_id, secret, code, message) in cases {
        request.headers.retain(|(name, _)| name != "authorization");
        request.sign(key_id, secret);
        let answer = request.post(&server).await;
        assert!(answer.1["Message"].as_str().unwrap().starts_with(message));
        assert_gateway_error(answer, code, code);
    }
}

#[tokio::test]
async fn each_required_parameter_is_missed_when_absent_or_empty() {
    let server = Server::start().await;
    for name in ["PhoneNumbers", "SignName", "TemplateCode"] {
        for is_absent in [true, false] {
            let mut request = RawRequest::new(&server);
            request.set_header("x-acs-signature-nonce", &format!("{name} {is_absent}"));
            request.set_parameter(name, "");
            if is_absent {
                request.query.pop();
            }
            request.sign(KEY_ID, SECRET);
            let answer = request.post(&server).await;
            assert_gateway_error(answer, &format!("Missing{name}"), name);
        }
    }
}

#[tokio::test]
async fn what_is_changed_after_signing_does_not_match() {
    let server = Server::start().await;
    let cases: [(&str, Change); 6] = [
        ("query", |request| {
            request.set_parameter("PhoneNumbers", "8613900000001");
        }),
        ("one more parameter", |request| {
            request.set_parameter("OutId", "");
        }),
        ("date", |request| {
            request.set_header("x-acs-date", "2026-10-20T08:00:01Z");
        }),
        ("nonce", |request| {
            request.set_header("x-acs-signature-nonce", "b-nonce");
        }),
        ("body", |request| request.body.push('a')),
        ("hash of the body", |request| {
            request.set_header("x-acs-content-sha256", &"0".repeat(64));
        }),
    ];
    for (case, change) in cases {
        let mut request = RawRequest::new(&server);
        request.set_header("content-type", "application/x-www-form-urlencoded");
        request.sign(KEY_ID, SECRET);
        change(&mut request);
        assert_gateway_error(request.post(&server).await, "SignatureDoesNotMatch", case);
    }
    assert!(server.sandbox.messages().is_empty());
}

#[tokio::test]
async fn what_is_not_signed_as_the_rules_say_is_incomplete() {
    let server = Server::start().await;
    let cases: [(&str, Change); 5] = [
        ("another scheme", |request| {
            request.set_header("authorization", "Bearer token");
        }),
        ("an unsigned x-acs header", |request| {
            request.set_header("x-acs-extra", "1");
        }),
        ("an unsigned content type of a body", |request| {
            request.body = "a=1".to_owned();
            request.set_header("content-type", "application/x-www-form-urlencoded");
        }),
        ("no date", |request| {
            request.headers.retain(|(name, _)| name != "x-acs-date");
        }),
        ("date not in SignedHeaders", |request| {
            let (_, authorization) = request.headers.last_mut().unwrap();
            *authorization = authorization.replace("x-acs-date;", "");
        }),
    ];
    for (case, change) in cases {
        let mut request = RawRequest::new(&server);
        request.sign(KEY_ID, SECRET);
        change(&mut request);
        assert_gateway_error(request.post(&server).await, "IncompleteSignature", case);
    }
}

#[tokio::test]
async fn a_request_without_authorization_misses_the_access_key() {
    let server = Server::start().await;
    let answer = RawRequest::new(&server).post(&server).await;
    assert_gateway_error(answer, "MissingAccessKeyId", "");
}

#[tokio::test]
async fn a_nonce_serves_once_and_is_not_used_up_by_a_stranger() {
    let server = Server::start().await;
    let mut request = RawRequest::new(&server);
    request.sign(KEY_ID, "wrong");
    assert_gateway_error(request.post(&server).await, "SignatureDoesNotMatch", "");
    request.headers.pop();
    request.sign(KEY_ID, SECRET);
    assert_eq!(request.post(&server).await.1["Code"], "OK");
    assert_gateway_error(request.post(&server).await, "SignatureNonceUsed", "");
    assert_eq!(server.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn a_date_is_within_15_minutes_both_ways() {
    let minute = time::Duration::minutes(1);
    let second = time::Duration::seconds(1);
    for (now, is_right) in [
        (NOW + 15 * minute, true),
        (NOW - 15 * minute, true),
        (TOO_LATE, false),
        (NOW - 15 * minute - second, false),
    ] {
        let server = Server::start_at(now, Account::bundled(KEY_ID, SECRET)).await;
        let mut request = RawRequest::new(&server);
        request.sign(KEY_ID, SECRET);
        let answer = request.post(&server).await;
        if is_right {
            assert_eq!(answer.1["Code"], "OK", "{now}");
        } else {
            assert_gateway_error(answer, "InvalidTimeStamp.Expired", "");
        }
    }
}

#[tokio::test]
async fn a_date_has_one_format() {
    let server = Server::start().await;
    for date in [
        "",
        "2026-10-20 08:00:00",
        "2026-10-20T08:00:00+00:00",
        "1792483200",
    ] {
        let mut request = RawRequest::new(&server);
        request.set_header("x-acs-date", date);
        request.sign(KEY_ID, SECRET);
        assert_gateway_error(request.post(&server).await, "InvalidTimeStamp.Format", date);
    }
}

#[tokio::test]
async fn another_action_or_version_is_not_found() {
    let server = Server::start().await;
    for (name, value) in [
        ("x-acs-action", "SendBatchSms"),
        ("x-acs-version", "2018-05-01"),
    ] {
        let mut request = RawRequest::new(&server);
        request.set_header(name, value);
        request.set_header("x-acs-signature-nonce", value);
        request.sign(KEY_ID, SECRET);
        assert_gateway_error(request.post(&server).await, "InvalidApi.NotFound", name);
    }
}

#[tokio::test]
async fn what_send_sms_refuses_has_status_200_and_aliyuns_words() {
    let server = Server::start().await;
    let cases = [
        (
            "SignName",
            "Other",
            "isv.SMS_SIGNATURE_ILLEGAL",
            "该账号下找不到对应签名",
        ),
        (
            "TemplateCode",
            "SMS_0",
            "isv.SMS_TEMPLATE_ILLEGAL",
            "该账号下找不到对应模板",
        ),
        (
            "TemplateParam",
            "",
            "isv.TEMPLATE_MISSING_PARAMETERS",
            "模板变量中存在未赋值变量",
        ),
        (
            "TemplateParam",
            "bad",
            "isv.INVALID_JSON_PARAM",
            "模板变量JSON格式错误 或 JSON变量属性与模板占位符不一致",
        ),
        (
            "TemplateParam",
            r#"{"code":"12-34"}"#,
            "isv.INVALID_PARAMETERS",
            "params must be [a-zA-Z0-9] for verification sms",
        ),
        (
            "PhoneNumbers",
            "862112345678",
            "isv.MOBILE_NUMBER_ILLEGAL",
            "手机号码格式错误",
        ),
    ];
    for (name, value, code, message) in cases {
        let mut request = RawRequest::new(&server);
        request.set_parameter(name, value);
        request.set_header("x-acs-signature-nonce", code);
        request.sign(KEY_ID, SECRET);
        let (status, body) = request.post(&server).await;
        assert_eq!(
            (status, &body["Code"], &body["Message"]),
            (200, &code.into(), &message.into())
        );
        assert_eq!(body.as_object().unwrap().len(), 3);
    }
    assert!(server.sandbox.messages().is_empty());
}

#[tokio::test]
async fn parameters_may_be_in_a_signed_form_and_go_to_several_numbers() {
    let server = Server::start().await;
    let mut request = RawRequest::new(&server);
    request.query.clear();
    request.body = "PhoneNumbers=13900000000,%2B8613900000001&SignName=Bookstore\
                    &TemplateCode=SMS_100000001&TemplateParam=%7B%22code%22:+%22123456%22%7D"
        .to_owned();
    request.set_header("content-type", "application/x-www-form-urlencoded");
    request.sign(KEY_ID, SECRET);
    let (status, body) = request.post(&server).await;
    assert_eq!(
        (status, &body["Code"], &body["Message"]),
        (200, &"OK".into(), &"OK".into())
    );
    let messages = server.sandbox.messages();
    let phones: Vec<_> = messages.iter().map(|message| &message.phone).collect();
    assert_eq!(phones, ["8613900000001", "8613900000000"]);
}

/// Numbers as other clients write them. The template determines that they are of mainland China and not of North
/// America.
#[tokio::test]
async fn a_bare_mainland_number_by_a_bundled_template_arrives_at_86() {
    for template in [
        "SMS_100000001",
        "SMS_100000002",
        "SMS_100000003",
        "SMS_100000004",
    ] {
        let server = Server::start().await;
        for written in [
            "13900000001",
            "+13900000001",
            "8613900000001",
            "+8613900000001",
            "008613900000001",
        ] {
            let mut request = RawRequest::new(&server);
            request.set_parameter("TemplateCode", template);
            request.set_parameter("PhoneNumbers", written);
            request.set_header("x-acs-signature-nonce", written);
            request.sign(KEY_ID, SECRET);
            let (_, body) = request.post(&server).await;
            assert_eq!(body["Code"], "OK", "{template} {written}");
        }
        let messages = server.get("/api/messages").await.bytes().await.unwrap();
        let messages: Vec<Value> = serde_json::from_slice(&messages).unwrap();
        assert_eq!(messages.len(), 5);
        for message in messages {
            assert_eq!(message["phone"], "8613900000001");
            assert_eq!(message["shownPhone"], "+86 139 0000 0001");
        }
    }
}

#[tokio::test]
async fn a_bundled_template_goes_to_its_region_only() {
    let server = Server::start().await;
    for (template, number, code) in [
        (
            "SMS_100000001",
            "+819012345678",
            "isv.MOBILE_NUMBER_ILLEGAL",
        ),
        (
            "SMS_200000001",
            "8613900000001",
            "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        ),
        ("SMS_200000001", "+819012345678", "OK"),
    ] {
        let mut request = RawRequest::new(&server);
        request.set_parameter("TemplateCode", template);
        request.set_parameter("PhoneNumbers", number);
        request.set_header("x-acs-signature-nonce", code);
        request.sign(KEY_ID, SECRET);
        let (_, body) = request.post(&server).await;
        assert_eq!(body["Code"], code, "{template} {number}");
    }
    assert_eq!(server.sandbox.messages_to("819012345678").len(), 1);
}
