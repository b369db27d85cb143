//! A sandbox on its own port, a client for it, and a signer for requests that a correct client would not send.

use axum::Router;
use connector_aliyun_sms::{
    Client, Clock, Config, PhoneNumber, Receipt, SendError, UsageType,
    sandbox::{Account, Sandbox},
    signature::{Pair, canonical_query, v3},
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use std::net::SocketAddr;
use time::{OffsetDateTime, macros::datetime};
use tokio::net::TcpListener;

pub(crate) const KEY_ID: &str = "LTAI5tExample";
pub(crate) const SECRET: &str = "example-secret";
/// The time of every story.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-10-20 08:00:00 UTC);
pub(crate) const DATE: &str = "2026-10-20T08:00:00Z";
/// The time when `NOW` is too old: 15 minutes and a second later.
pub(crate) const TOO_LATE: OffsetDateTime = datetime!(2026-10-20 08:15:01 UTC);

/// A sandbox whose clock is stopped.
pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_at(NOW, Account::bundled(KEY_ID, SECRET)).await
    }

    pub(crate) async fn start_at(now: OffsetDateTime, account: Account) -> Self {
        let sandbox = Sandbox::with_clock(account, Clock::new(move || now));
        let address = serve(sandbox.router()).await;
        Self { sandbox, address }
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(config())
    }

    pub(crate) fn client_with(&self, config: Value) -> Client {
        client(self.address, config)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        http().get(self.url(path)).send().await.unwrap()
    }
}

/// Serves any router on a free port.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

pub(crate) fn client(address: SocketAddr, config: Value) -> Client {
    client_at(address, config, Clock::new(|| NOW))
}

pub(crate) fn client_at(address: SocketAddr, config: Value, clock: Clock) -> Client {
    let mut config = Config::from_json(config).unwrap();
    config.endpoint = format!("http://{address}").parse().unwrap();
    Client::new(config).unwrap().with_clock(clock)
}

/// Sends a code to this number.
pub(crate) async fn send(client: &Client, digits: &str) -> Result<Receipt, SendError> {
    let number = number(digits);
    client.send_code(&number, UsageType::SignIn, "271828").await
}

/// The configuration of the example tenant.
pub(crate) fn config() -> Value {
    json!({
        "accessKeyId": KEY_ID,
        "accessKeySecret": SECRET,
        "signName": "Bookstore",
        "templates": [
            template("SignIn", 1),
            template("Register", 2),
            template("ForgotPassword", 3),
            template("Generic", 4),
        ],
    })
}

/// A template of each region, with the same end of the code.
fn template(usage: &str, end: u32) -> Value {
    json!({
        "usageType": usage,
        "templateCode": {
            "china": format!("SMS_10000000{end}"),
            "overseas": format!("SMS_20000000{end}"),
        },
    })
}

pub(crate) fn number(digits: &str) -> PhoneNumber {
    digits.parse().unwrap()
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A valid request, until a story changes something before or after it is signed.
#[derive(Clone)]
pub(crate) struct RawRequest {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl RawRequest {
    pub(crate) fn new(server: &Server) -> Self {
        let owned = |(name, value): Pair<'_>| (name.to_owned(), value.to_owned());
        let query = [
            ("PhoneNumbers", "8613900000000"),
            ("SignName", "Bookstore"),
            ("TemplateCode", "SMS_100000001"),
            ("TemplateParam", r#"{"code":"123456"}"#),
        ];
        let host = server.address.to_string();
        let empty = v3::sha256_hex(b"");
        let headers = [
            ("host", host.as_str()),
            ("x-acs-action", "SendSms"),
            ("x-acs-content-sha256", &empty),
            ("x-acs-date", DATE),
            ("x-acs-signature-nonce", "a-nonce"),
            ("x-acs-version", "2017-05-25"),
        ];
        Self {
            query: query.map(owned).to_vec(),
            headers: headers.map(owned).to_vec(),
            body: String::new(),
        }
    }

    pub(crate) fn set_parameter(&mut self, name: &str, value: &str) {
        set(&mut self.query, name, value);
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        set(&mut self.headers, name, value);
    }

    /// Signs the current request.
    pub(crate) fn sign(&mut self, access_key_id: &str, secret: &str) {
        let content_sha256 = v3::sha256_hex(self.body.as_bytes());
        self.set_header("x-acs-content-sha256", &content_sha256);
        let authorization = v3::Request {
            method: "POST",
            path: "/",
            query: &pairs(&self.query),
            headers: &pairs(&self.headers),
            content_sha256: &content_sha256,
        }
        .authorization(access_key_id, &secret.into());
        self.set_header("authorization", &authorization);
    }

    /// The status and the JSON of the response.
    pub(crate) async fn post(&self, server: &Server) -> (u16, Value) {
        let query = canonical_query(&pairs(&self.query));
        let post = http().post(server.url(&format!("/?{query}")));
        let add = |post: RequestBuilder, (name, value): &(String, String)| post.header(name, value);
        let post = self.headers.iter().fold(post, add);
        let response = post.body(self.body.clone()).send().await.unwrap();
        let content_type = response.headers()["content-type"].clone();
        assert_eq!(content_type, "application/json;charset=utf-8");
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }
}

fn set(list: &mut Vec<(String, String)>, name: &str, value: &str) {
    list.retain(|(other, _)| other != name);
    list.push((name.to_owned(), value.to_owned()));
}

fn pairs(list: &[(String, String)]) -> Vec<Pair<'_>> {
    list.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
