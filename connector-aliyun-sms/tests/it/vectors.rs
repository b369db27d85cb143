//! Signature V3 against requests that Alibaba's own clients sent, and the worked examples of its documentation.

use connector_aliyun_sms::{
    Clock,
    sandbox::{Account, Sandbox},
    signature::{Pair, v3},
};
use serde::Deserialize;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One request, with headers in wire order and case.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    id: String,
    access_key_id: String,
    access_key_secret: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

/// Spoils a request.
type Change = fn(&mut Vector);

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../data/v3_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 24);
    vectors
}

impl Vector {
    fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name));
        &found.unwrap().1
    }

    fn set_header(&mut self, name: &str, value: String) {
        let found = self
            .headers
            .iter_mut()
            .find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.unwrap().1 = value;
    }

    /// Status and code of a sandbox that has this account, at the time of the request.
    async fn send(&self) -> (u16, String) {
        let account = Account::bundled(&*self.access_key_id, &*self.access_key_secret);
        let date = OffsetDateTime::parse(self.header("x-acs-date"), &Rfc3339).unwrap();
        let sandbox = Sandbox::with_clock(account, Clock::new(move || date));
        let address = crate::support::serve(sandbox.router()).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection
            .write_all(self.on_the_wire().as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body["Code"].as_str().unwrap().to_owned())
    }

    /// The bytes as they were recorded, but for the end of the connection and the framing of the body.
    fn on_the_wire(&self) -> String {
        let ours = ["connection", "content-length", "transfer-encoding"];
        let headers: String = self
            .headers
            .iter()
            .filter(|(name, _)| !ours.contains(&name.to_lowercase().as_str()))
            .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
            .collect();
        format!(
            "{} {} HTTP/1.1\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n{}",
            self.method,
            self.target,
            self.body.len(),
            self.body
        )
    }
}

#[test]
fn every_vector_is_reproduced() {
    for vector in vectors() {
        let (path, query) = vector
            .target
            .split_once('?')
            .unwrap_or((&vector.target, ""));
        let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let query: Vec<Pair<'_>> = query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let signed = vector.authorization.split("SignedHeaders=").nth(1).unwrap();
        let signed: Vec<_> = signed.split(',').next().unwrap().split(';').collect();
        let headers: Vec<Pair<'_>> = signed
            .iter()
            .map(|name| (*name, vector.header(name)))
            .collect();
        let content_sha256 = v3::sha256_hex(vector.body.as_bytes());
        let request = v3::Request {
            method: &vector.method,
            path,
            query: &query,
            headers: &headers,
            content_sha256: &content_sha256,
        };
        let secret = vector.access_key_secret.as_str().into();
        let canonical = request.canonical();
        assert_eq!(canonical, vector.canonical_request, "{}", vector.id);
        let string_to_sign = v3::string_to_sign(&canonical);
        assert_eq!(string_to_sign, vector.string_to_sign, "{}", vector.id);
        assert_eq!(
            v3::sign(&secret, &string_to_sign),
            vector.signature,
            "{}",
            vector.id
        );
        assert_eq!(
            request.authorization(&vector.access_key_id, &secret),
            vector.authorization,
            "{}",
            vector.id
        );
    }
}

#[tokio::test]
async fn the_sandbox_takes_every_vector() {
    for vector in vectors() {
        let (status, code) = vector.send().await;
        // The signature is right when the refusal is one of `SendSms`, whose account has other names.
        if vector.header("x-acs-action") == "SendSms" {
            assert_eq!(
                (status, &*code),
                (200, "isv.SMS_SIGNATURE_ILLEGAL"),
                "{}",
                vector.id
            );
        } else {
            assert_eq!(
                (status, &*code),
                (404, "InvalidApi.NotFound"),
                "{}",
                vector.id
            );
        }
    }
}

#[tokio::test]
async fn the_sandbox_refuses_every_vector_with_one_byte_changed() {
    let changes: [(&str, Change); 6] = [
        ("signature", |vector| {
            let changed = other_last_byte(vector.header("authorization"));
            vector.set_header("authorization", changed);
        }),
        ("nonce", |vector| {
            let changed = other_last_byte(vector.header("x-acs-signature-nonce"));
            vector.set_header("x-acs-signature-nonce", changed);
        }),
        ("host", |vector| {
            let changed = other_last_byte(vector.header("host"));
            vector.set_header("host", changed);
        }),
        ("parameter", |vector| {
            let place = if vector.body.is_empty() {
                &mut vector.target
            } else {
                &mut vector.body
            };
            *place = place.replacen("=1", "=2", 1).replacen("=%2B", "=%2C", 1);
            *place = place.replacen("=0", "=1", 1).replacen("=8", "=9", 1);
            *place = place.replacen("=cn", "=cm", 1);
        }),
        ("body", |vector| vector.body.push('&')),
        ("secret", |vector| vector.access_key_secret.push('1')),
    ];
    for vector in vectors() {
        for (case, change) in changes {
            let mut spoiled = vector.clone();
            change(&mut spoiled);
            let (status, code) = spoiled.send().await;
            let expected = match case {
                // A body without a signed content type is refused before it is hashed.
                "body" if vector.body.is_empty() && !has_content_type(&vector) => {
                    "SignatureDoesNotMatch"
                }
                "body" if vector.body.is_empty() => "IncompleteSignature",
                _ => "SignatureDoesNotMatch",
            };
            assert_eq!((status, &*code), (400, expected), "{} {case}", vector.id);
        }
    }
}

fn has_content_type(vector: &Vector) -> bool {
    vector
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
}

fn other_last_byte(text: &str) -> String {
    let (start, last) = text.split_at(text.len() - 1);
    let other = if last == "0" { "1" } else { "0" };
    format!("{start}{other}")
}
