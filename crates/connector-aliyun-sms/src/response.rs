//! Parses a response of `SendSms`. Pure.

use crate::{LimitWindow, Refusal, SendError, transport::RawAnswer};
use serde::Deserialize;
use time::OffsetDateTime;

/// Aliyun accepted the message. It may still not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Aliyun's id of the request.
    pub request_id: String,
    /// Aliyun's id of the message, for queries about its delivery.
    pub biz_id: Option<String>,
}

/// Success and both kinds of errors have this shape, with any HTTP status.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    /// Names the reached limit. It must not get into an error or a log, because Aliyun repeats the number in some
    /// messages.
    #[serde(default)]
    message: String,
    request_id: String,
    biz_id: Option<String>,
}

/// Parses the response. `now` is the time of its arrival by this machine's clock.
pub(crate) fn read(raw: &RawAnswer, now: OffsetDateTime) -> Result<Receipt, SendError> {
    let status = raw.status;
    let not_understood = SendError::NotUnderstood { status };
    let Ok(answer) = serde_json::from_slice::<Answer>(&raw.body) else {
        return Err(not_understood);
    };
    // Both are logged, so they may contain nothing but a code and an id.
    if !is_code(&answer.code) || !is_request_id(&answer.request_id) {
        return Err(not_understood);
    }
    match (status, answer.code.as_str()) {
        (200, "OK") => Ok(Receipt {
            request_id: answer.request_id,
            biz_id: answer.biz_id,
        }),
        (_, "OK") => Err(not_understood),
        (_, code) => Err(SendError::Refused {
            refusal: refusal(
                status,
                code,
                &answer.message,
                raw.date.map(|date| now - date),
            ),
            request_id: answer.request_id,
            code: answer.code,
        }),
    }
}

fn refusal(status: u16, code: &str, message: &str, ahead_by: Option<time::Duration>) -> Refusal {
    match Refusal::from_code(code) {
        // With an unknown code, a status of 5xx still means an error of the service.
        Refusal::Other if status >= 500 => Refusal::ServiceFault,
        Refusal::RateLimited { .. } => Refusal::RateLimited {
            window: LimitWindow::from_message(message),
        },
        // If Aliyun cannot parse the date, the clock need not be wrong.
        Refusal::Clock { .. } if code.ends_with(".Expired") => Refusal::Clock { ahead_by },
        refusal => refusal,
    }
}

fn is_code(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_request_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const ID: &str = "9D2AC0B1-5F4E-4C6C-9E0F-3A1B2C3D4E5F";

    const NOW: OffsetDateTime = datetime!(2026-10-20 08:20:00 UTC);

    fn read(status: u16, body: &[u8]) -> Result<Receipt, SendError> {
        let raw = RawAnswer {
            status,
            date: Some(datetime!(2026-10-20 08:00:00 UTC)),
            body: body.to_vec(),
        };
        super::read(&raw, NOW)
    }

    fn body(code: &str) -> String {
        format!(r#"{{"Message":"8613800138000","RequestId":"{ID}","Code":"{code}","New":[]}}"#)
    }

    #[test]
    fn success_has_the_ids() {
        let body = format!(r#"{{"Message":"OK","RequestId":"{ID}","BizId":"900^0","Code":"OK"}}"#);
        let receipt = Receipt {
            request_id: ID.to_owned(),
            biz_id: Some("900^0".to_owned()),
        };
        assert_eq!(read(200, body.as_bytes()).unwrap(), receipt);
    }

    #[test]
    fn a_refusal_has_its_meaning_code_and_request_id_but_not_the_message() {
        let cases = [
            (
                200,
                "isv.BUSINESS_LIMIT_CONTROL",
                Refusal::RateLimited { window: None },
            ),
            (
                400,
                "InvalidTimeStamp.Expired",
                Refusal::Clock {
                    ahead_by: Some(time::Duration::minutes(20)),
                },
            ),
            (
                400,
                "InvalidTimeStamp.Format",
                Refusal::Clock { ahead_by: None },
            ),
            (400, "SignatureDoesNotMatch", Refusal::BadCredentials),
            (503, "Throttling.User", Refusal::Throttled),
            (503, "SomethingNew", Refusal::ServiceFault),
            (400, "SomethingNew", Refusal::Other),
        ];
        for (status, code, expected) in cases {
            let error = read(status, body(code).as_bytes()).unwrap_err();
            assert_eq!(error.refusal(), Some(expected), "{code}");
            assert_eq!(
                error.to_string(),
                format!("Aliyun refused: {expected} ({code}, request {ID})")
            );
            assert!(!format!("{error:?}").contains("13800138000"));
        }
    }

    #[test]
    fn p059_the_window_of_a_limit_is_in_the_message() {
        for (message, window) in [
            ("触发分钟级流控Permits:1", Some(LimitWindow::Minute)),
            ("触发小时级流控Permits:5", Some(LimitWindow::Hour)),
            ("触发天级流控Permits:10", Some(LimitWindow::Day)),
            ("触发号码天级流控Permits:40", Some(LimitWindow::NumberDay)),
            ("8613800138000", None),
        ] {
            let body = body("isv.BUSINESS_LIMIT_CONTROL").replace("8613800138000", message);
            let error = read(200, body.as_bytes()).unwrap_err();
            assert_eq!(error.refusal(), Some(Refusal::RateLimited { window }));
            assert!(!format!("{error} {error:?}").contains("8613800138000"));
        }
    }

    #[test]
    fn p060_everything_else_is_not_understood() {
        let long = "A".repeat(81);
        let without_id = r#"{"Message":"OK","Code":"OK"}"#.to_owned();
        let odd_id = body("OK").replace(ID, "8613800138000");
        let cases = [
            (200, String::new()),
            (200, "<html>".to_owned()),
            (502, "<html>".to_owned()),
            (200, r#"{"Code":"OK","#.to_owned()),
            (200, "null".to_owned()),
            (200, without_id),
            (200, odd_id),
            (302, body("OK")),
            (200, body("")),
            (200, body("8613800138000")),
            (200, body("isv.X for 13800138000")),
            (200, body(&long)),
        ];
        for (expected, body) in cases {
            let error = read(expected, body.as_bytes()).unwrap_err();
            let SendError::NotUnderstood { status } = error else {
                panic!("{body}: {error:?}");
            };
            assert_eq!(status, expected);
        }
    }
}
