//! Requests signed by V1: GET and POST, query and form, JSON and XML.

use crate::support::{DATE, KEY_ID, NOW, SECRET, Server, config, http, send};
use connector_aliyun_sms::{
    SignatureVersion,
    sandbox::Account,
    signature::{Pair, canonical_query, v1},
};
use serde_json::Value;

/// Where the parameters are.
#[derive(Clone, Copy, Debug)]
enum Place {
    Query,
    Form,
    /// The action's parameters are in the form, the others in the query, as in Alibaba's client.
    Both,
}

/// A valid request, until a story changes a parameter.
struct Request {
    method: &'static str,
    place: Place,
    parameters: Vec<(&'static str, String)>,
}

impl Request {
    fn new(method: &'static str, place: Place, nonce: &str) -> Self {
        let parameters = [
            ("Action", "SendSms"),
            ("Version", "2017-05-25"),
            ("Format", "JSON"),
            ("AccessKeyId", KEY_ID),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", nonce),
            ("Timestamp", DATE),
            ("PhoneNumbers", "8613900000000"),
            ("SignName", "Bookstore"),
            ("TemplateCode", "SMS_100000001"),
            ("TemplateParam", r#"{"code":"123456"}"#),
        ];
        Self {
            method,
            place,
            parameters: parameters
                .map(|(name, value)| (name, value.to_owned()))
                .to_vec(),
        }
    }

    fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.parameters.retain(|(other, _)| *other != name);
        let value = value.map(|value| (name, value.to_owned()));
        self.parameters.extend(value);
        self
    }

    /// Status, content type and body.
    async fn send(&self, server: &Server, secret: &str) -> (u16, String, String) {
        let mut all: Vec<Pair<'_>> = self
            .parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let signature = v1::sign(&secret.into(), &v1::string_to_sign(self.method, &all));
        all.push(("Signature", &signature));
        let (query, form): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| {
            let of_the_action = ["PhoneNumbers", "SignName", "TemplateCode", "TemplateParam"];
            match self.place {
                Place::Query => true,
                Place::Form => false,
                Place::Both => !of_the_action.contains(name),
            }
        });
        let url = server.url(&format!("/?{}", canonical_query(&query)));
        let mut request = http().request(self.method.parse().unwrap(), url);
        if !form.is_empty() {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(canonical_query(&form));
        }
        let response = request.send().await.unwrap();
        let content_type = response.headers()["content-type"].to_str().unwrap();
        let content_type = content_type.to_owned();
        (
            response.status().as_u16(),
            content_type,
            response.text().await.unwrap(),
        )
    }

    async fn code(&self, server: &Server, secret: &str) -> (u16, String) {
        let (status, _, body) = self.send(server, secret).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        (status, body["Code"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn parameters_may_be_in_query_and_form() {
    let server = Server::start().await;
    let cases = [
        ("GET", Place::Query),
        ("POST", Place::Query),
        ("POST", Place::Form),
        ("POST", Place::Both),
    ];
    for (index, (method, place)) in cases.into_iter().enumerate() {
        let request = Request::new(method, place, &index.to_string());
        let answer = request.code(&server, SECRET).await;
        assert_eq!(answer, (200, "OK".to_owned()), "{method} {place:?}");
        assert_eq!(server.sandbox.messages().len(), index + 1);
    }
}

#[tokio::test]
async fn an_answer_is_xml_when_nothing_else_is_asked_for() {
    let server = Server::start().await;
    for (nonce, format) in [("1", None), ("2", Some("XML")), ("3", Some("xml"))] {
        let request = Request::new("GET", Place::Query, nonce).with("Format", format);
        let (status, content_type, body) = request.send(&server, SECRET).await;
        assert_eq!((status, &*content_type), (200, "text/xml;charset=utf-8"));
        let start = "<?xml version='1.0' encoding='UTF-8'?><SendSmsResponse><Message>OK</Message><RequestId>";
        assert!(body.starts_with(start), "{body}");
        assert!(body.ends_with("^0</BizId><Code>OK</Code></SendSmsResponse>"));
    }
    let wrong = Request::new("GET", Place::Query, "4").with("Format", None);
    let (status, _, body) = wrong.send(&server, "wrong").await;
    assert_eq!(status, 400);
    assert!(
        body.contains("<Error><RequestId>")
            && body.contains(
                "<HostId>dysmsapi.aliyuncs.com</HostId><Code>SignatureDoesNotMatch</Code>"
            )
            && body.contains("server string to sign is:GET&amp;%2F&amp;AccessKeyId%3D"),
        "{body}"
    );
}

#[tokio::test]
async fn each_way_to_be_wrong_has_its_code() {
    let server = Server::start().await;
    let missing = |name| (name, None);
    let cases = [
        (missing("AccessKeyId"), 400, "MissingAccessKeyId"),
        (("AccessKeyId", Some("")), 400, "MissingAccessKeyId"),
        (
            ("AccessKeyId", Some("nobody")),
            404,
            "InvalidAccessKeyId.NotFound",
        ),
        (missing("Timestamp"), 400, "MissingTimestamp"),
        (missing("SignatureNonce"), 400, "MissingSignatureNonce"),
        (missing("SignatureMethod"), 400, "MissingSignatureMethod"),
        (
            ("SignatureMethod", Some("HMAC-MD5")),
            400,
            "InvalidSignatureMethod",
        ),
        (
            ("SignatureVersion", Some("2.0")),
            400,
            "IncompleteSignature",
        ),
        (
            ("Timestamp", Some("2026-10-20 08:00:00")),
            400,
            "InvalidTimeStamp.Format",
        ),
        (
            ("Timestamp", Some("2026-10-20T07:44:59Z")),
            400,
            "InvalidTimeStamp.Expired",
        ),
        (("Format", Some("YAML")), 400, "InvalidParameter.Format"),
        (("Action", Some("SendBatchSms")), 404, "InvalidApi.NotFound"),
        (("Version", Some("2018-05-01")), 404, "InvalidApi.NotFound"),
        (missing("SignName"), 400, "MissingSignName"),
        (
            ("SecurityToken", Some("of-nobody")),
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
        ),
    ];
    for (index, ((name, value), status, code)) in cases.into_iter().enumerate() {
        let request = Request::new("POST", Place::Form, &index.to_string()).with(name, value);
        let answer = request.code(&server, SECRET).await;
        assert_eq!(answer, (status, code.to_owned()), "{name} {value:?}");
    }
    let request = Request::new("PUT", Place::Query, "put");
    let answer = request.code(&server, SECRET).await;
    assert_eq!(answer, (400, "UnsupportedHTTPMethod".to_owned()));
    assert!(server.sandbox.messages().is_empty());
}

#[tokio::test]
async fn a_nonce_serves_once_for_each_key() {
    let server = Server::start().await;
    let request = Request::new("POST", Place::Query, "once");
    let wrong = request.code(&server, "wrong").await;
    assert_eq!(wrong, (400, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(request.code(&server, SECRET).await, (200, "OK".to_owned()));
    let again = request.code(&server, SECRET).await;
    assert_eq!(again, (400, "SignatureNonceUsed".to_owned()));
}

#[tokio::test]
async fn our_client_sends_by_both_signatures_with_and_without_a_token() {
    for version in [SignatureVersion::V1, SignatureVersion::V3] {
        for token in [None, Some("CAIS+a/token==~*")] {
            let mut account = Account::bundled(KEY_ID, SECRET);
            account.security_token = token.map(Into::into);
            let server = Server::start_at(NOW, account).await;
            let mut config = config();
            config["signatureVersion"] = format!("{version:?}").into();
            if let Some(token) = token {
                config["securityToken"] = token.into();
            }
            let phone = "8613900000000";
            send(&server.client_with(config), phone).await.unwrap();
            assert_eq!(server.sandbox.messages().len(), 1, "{version:?} {token:?}");

            let without = send(&server.client(), phone).await;
            assert_eq!(without.is_err(), token.is_some());
        }
    }
}
