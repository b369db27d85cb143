//! What an answer of `SendSms` says. Pure.

use crate::{Refusal, SendError};
use serde::Deserialize;

/// Aliyun took the message. That it arrives is another matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Aliyun's id of the request.
    pub request_id: String,
    /// Aliyun's id of the message, to ask for its delivery.
    pub biz_id: Option<String>,
}

/// Both kinds of errors and success have this shape, whatever the HTTP status.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    request_id: String,
    biz_id: Option<String>,
}

/// Reads the answer.
pub(crate) fn read(status: u16, body: &[u8]) -> Result<Receipt, SendError> {
    let not_understood = SendError::NotUnderstood { status };
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Err(not_understood);
    };
    // Both go into logs, so nothing else than a code and an id may be in them.
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
            refusal: refusal(status, code),
            request_id: answer.request_id,
            code: answer.code,
        }),
    }
}

/// A code that is not listed still means a fault of the service when the status says so.
fn refusal(status: u16, code: &str) -> Refusal {
    match Refusal::from_code(code) {
        Refusal::Other if status >= 500 => Refusal::ServiceFault,
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

    const ID: &str = "9D2AC0B1-5F4E-4C6C-9E0F-3A1B2C3D4E5F";

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
            (200, "isv.BUSINESS_LIMIT_CONTROL", Refusal::RateLimited),
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
    fn everything_else_is_not_understood() {
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
