//! Both signatures against requests that Alibaba's own clients sent, and the worked examples of its documentation.

use connector_aliyun_sms::{
    Clock,
    sandbox::{Account, Sandbox},
    signature::{Pair, v1, v3},
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
    string_to_sign: String,
    signature: String,
    /// For V3 only.
    #[serde(default)]
    canonical_request: String,
    /// For V3 only.
    #[serde(default)]
    authorization: String,
}

fn v3_vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../data/v3_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 24);
    vectors
}

fn v1_vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../data/v1_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 15);
    vectors
}

fn vectors() -> impl Iterator<Item = Vector> {
    v1_vectors().into_iter().chain(v3_vectors())
}

impl Vector {
    fn header(&self, name: &str) -> &str {
        self.optional_header(name).unwrap()
    }

    fn optional_header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn is_v3(&self) -> bool {
        !self.authorization.is_empty()
    }

    /// The decoded parameters of the query and of a form.
    fn parameters(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').unwrap_or_default().1;
        let parse = |text: &str| {
            url::form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect()
        };
        let mut all: Vec<(String, String)> = parse(query);
        if !self.is_v3() {
            let form: Vec<_> = parse(&self.body);
            all.extend(form);
        }
        all
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let mut all = self.parameters().into_iter();
        all.find_map(|(given, value)| (given == name).then_some(value))
    }

    /// Sends the request to a sandbox with this account at the time of the request. Returns status and code.
    async fn send(&self) -> (u16, String) {
        let mut account = Account::bundled(&*self.access_key_id, &*self.access_key_secret);
        let token = self.optional_header("x-acs-security-token").map(Into::into);
        let token = token.or_else(|| self.parameter("SecurityToken").map(Into::into));
        account.security_token = token;
        let date = self.optional_header("x-acs-date").map(str::to_owned);
        let date = date.or_else(|| self.parameter("Timestamp")).unwrap();
        let date = OffsetDateTime::parse(&date, &Rfc3339).unwrap();
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
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, code(body))
    }

    /// The recorded bytes, except `Connection` and `Content-Length`.
    fn on_the_wire(&self) -> String {
        let ours = ["connection", "content-length"];
        let headers: String = self
            .headers
            .iter()
            .filter(|(name, _)| !ours.contains(&name.to_lowercase().as_str()))
            .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
            .collect();
        let Self {
            method,
            target,
            body,
            ..
        } = self;
        let framed = match self.optional_header("transfer-encoding") {
            Some(_) => {
                let (start, end) = body.split_at(body.len() / 2);
                let chunk = |part: &str| format!("{:x}\r\n{part}\r\n", part.len());
                format!("\r\n{}{}0\r\n\r\n", chunk(start), chunk(end))
            }
            None => format!("content-length: {}\r\n\r\n{body}", body.len()),
        };
        format!("{method} {target} HTTP/1.1\r\n{headers}connection: close\r\n{framed}")
    }
}

#[test]
fn p056_every_vector_of_v1_is_reproduced() {
    for vector in v1_vectors() {
        let parameters = vector.parameters();
        let string_to_sign = v1::string_to_sign(&vector.method, &pairs(&parameters));
        assert_eq!(string_to_sign, vector.string_to_sign, "{}", vector.id);
        let secret = vector.access_key_secret.as_str().into();
        let signature = v1::sign(&secret, &string_to_sign);
        assert_eq!(signature, vector.signature, "{}", vector.id);
    }
}

#[test]
fn p056_every_vector_of_v3_is_reproduced() {
    for vector in v3_vectors() {
        let path = vector.target.split('?').next().unwrap();
        let query = vector.parameters();
        let query = pairs(&query);
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
        let action = vector.parameter("Action");
        let action = action.unwrap_or_else(|| vector.header("x-acs-action").to_owned());
        // The signature is valid if the refusal is from `SendSms`: this account has other sign names.
        if action == "SendSms" {
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
async fn the_sandbox_refuses_every_vector_with_another_secret() {
    for mut vector in vectors() {
        vector.access_key_secret.push('1');
        let answer = vector.send().await;
        assert_eq!(answer, (400, "SignatureDoesNotMatch".to_owned()));
    }
}

fn pairs(list: &[(String, String)]) -> Vec<Pair<'_>> {
    list.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Reads a member of JSON or XML.
fn code(body: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        return json["Code"].as_str().unwrap().to_owned();
    }
    let after = body.split("<Code>").nth(1).unwrap();
    after.split('<').next().unwrap().to_owned()
}
