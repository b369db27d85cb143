//! The responses of the API, in Aliyun's JSON or XML, with the members in the observed order.

use super::{business_error::BusinessError, gateway_error::GatewayError, request::ApiRequest};
use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use uuid::Uuid;

const HOST_ID: &str = "dysmsapi.aliyuncs.com";

/// The format of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    /// The parameter `Format` decides. Without it, V1 gets XML. V3 gets JSON, unless `Accept` allows only XML.
    pub(super) fn of(request: &ApiRequest) -> Result<Self, GatewayError> {
        use crate::signature::SignatureVersion::{V1, V3};
        match request.parameter("Format") {
            Some(format) if format.eq_ignore_ascii_case("json") => Ok(Self::Json),
            Some(format) if format.eq_ignore_ascii_case("xml") => Ok(Self::Xml),
            Some(_) => Err(GatewayError::InvalidFormat),
            None => Ok(match request.signature_version() {
                V1 => Self::Xml,
                V3 if accepts_xml_only(request) => Self::Xml,
                V3 => Self::Json,
            }),
        }
    }
}

fn accepts_xml_only(request: &ApiRequest) -> bool {
    let accept = request.header("accept").unwrap_or_default();
    accept.contains("/xml") && !accept.contains("/json")
}

/// Generates a request id: a UUID in upper case.
pub(super) fn request_id() -> String {
    Uuid::new_v4().to_string().to_uppercase()
}

/// A response before it is formatted.
pub(super) struct Answer {
    status: u16,
    /// The name of the root element in XML.
    name: &'static str,
    members: Vec<(&'static str, String)>,
}

impl Answer {
    /// The messages are accepted.
    pub(super) fn ok(request_id: &str) -> Self {
        let biz_id = format!(
            "{:018}^0",
            Uuid::new_v4().as_u128() % 1_000_000_000_000_000_000
        );
        Self::of_send_sms(vec![
            ("Message", "OK".to_owned()),
            ("RequestId", request_id.to_owned()),
            ("BizId", biz_id),
            ("Code", "OK".to_owned()),
        ])
    }

    /// A refusal of `SendSms`.
    pub(super) fn business_error(request_id: &str, error: BusinessError) -> Self {
        Self::refusal(request_id, error.code(), error.message())
    }

    /// A refusal of `SendSms` with this code. Its HTTP status is 200, too.
    pub(super) fn refusal(request_id: &str, code: &str, message: &str) -> Self {
        Self::of_send_sms(vec![
            ("RequestId", request_id.to_owned()),
            ("Message", message.to_owned()),
            ("Code", code.to_owned()),
        ])
    }

    /// A refusal of the gateway.
    pub(super) fn gateway_error(request_id: &str, error: &GatewayError) -> Self {
        Self::gateway_refusal(request_id, error.status(), &error.code(), error.message())
    }

    /// A refusal of the gateway with this code.
    pub(super) fn gateway_refusal(
        request_id: &str,
        status: u16,
        code: &str,
        message: String,
    ) -> Self {
        let recommend = format!(
            "https://api.aliyun.com/troubleshoot?q={code}&product=Dysmsapi&requestId={request_id}"
        );
        Self {
            status,
            name: "Error",
            members: vec![
                ("RequestId", request_id.to_owned()),
                ("HostId", HOST_ID.to_owned()),
                ("Code", code.to_owned()),
                ("Message", message),
                ("Recommend", recommend),
            ],
        }
    }

    fn of_send_sms(members: Vec<(&'static str, String)>) -> Self {
        Self {
            status: 200,
            name: "SendSmsResponse",
            members,
        }
    }

    /// Formats the response.
    pub(super) fn into_response(self, format: Format) -> Response {
        let content_type = match format {
            Format::Json => "application/json;charset=utf-8",
            Format::Xml => "text/xml;charset=utf-8",
        };
        let body = self.body(format);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, [(CONTENT_TYPE, content_type)], body).into_response()
    }

    pub(super) fn body(&self, format: Format) -> String {
        match format {
            Format::Json => self.json(),
            Format::Xml => self.xml(),
        }
    }

    fn json(&self) -> String {
        let members: Vec<_> = self
            .members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{}", Value::from(value.as_str())))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    fn xml(&self) -> String {
        let name = self.name;
        let members: Vec<_> = self
            .members
            .iter()
            .map(|(name, value)| format!("<{name}>{}</{name}>", escape(value)))
            .collect();
        format!(
            "<?xml version='1.0' encoding='UTF-8'?><{name}>{}</{name}>",
            members.concat()
        )
    }
}

/// Escapes text for XML as Aliyun does, which leaves quotation marks unescaped. XML cannot contain control characters,
/// so each becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' => escaped.push(character),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ if character.is_control() => escaped.push('\u{FFFD}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_text_stays_text() {
        let answer = Answer::gateway_refusal("ID", 400, "A", "<a & \"b\">\u{0}".to_owned());
        assert_eq!(
            answer.json(),
            r#"{"RequestId":"ID","HostId":"dysmsapi.aliyuncs.com","Code":"A","Message":"<a & \"b\">\u0000","Recommend":"https://api.aliyun.com/troubleshoot?q=A&product=Dysmsapi&requestId=ID"}"#
        );
        assert_eq!(
            answer.xml(),
            "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>ID</RequestId>\
             <HostId>dysmsapi.aliyuncs.com</HostId><Code>A</Code><Message>&lt;a &amp; \"b\"&gt;\u{FFFD}</Message>\
             <Recommend>https://api.aliyun.com/troubleshoot?q=A&amp;product=Dysmsapi&amp;requestId=ID</Recommend></Error>"
        );
        assert_eq!(
            Answer::refusal("ID", "isv.A", "m").json(),
            r#"{"RequestId":"ID","Message":"m","Code":"isv.A"}"#
        );
    }
}
