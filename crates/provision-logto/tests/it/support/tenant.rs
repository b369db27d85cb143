//! A tenant of the embedded provider, behind a wire.

use super::{Program, Relay, SECRETS, relay::forward};
use clock::Clock;
use connector_aliyun_sms::sandbox::{Account, Sandbox};
use embedded_provider::{Config, Database, Management, Provider};
use serde_json::Value;
use std::{future, net::SocketAddr};
use tokio::net::TcpListener;
use url::Url;

/// More connections at a time than any story has.
const CONNECTIONS: usize = 1_000;

/// A tenant without objects at first, with its SMS service.
pub(crate) struct TestTenant {
    /// The wire to the API. What happens there happens at the admin tenant, too.
    pub(crate) relay: Relay,
    pub(crate) sandbox: Sandbox,
    admin: Relay,
    server: SocketAddr,
}

impl TestTenant {
    pub(crate) async fn empty() -> Self {
        let [management_secret, _, key_id, key_secret, _] = SECRETS.map(|(_, secret)| secret);
        let sandbox = Sandbox::new(Account::bundled(key_id, key_secret));
        let sms_endpoint = serve(listen().await, sandbox.router());
        let (listener, admin_listener) = (listen().await, listen().await);
        let config = Config {
            endpoint: url(address(&listener)),
            tenant: None,
            management: Some(Management {
                endpoint: url(address(&admin_listener)),
                app_id: "m-default".to_owned(),
                app_secret: management_secret.into(),
            }),
            database: Database::Memory,
            sms_endpoint: Some(url(sms_endpoint)),
        };
        let provider = Provider::open(config, Clock::system()).await.unwrap();
        let server = serve(listener, provider.router());
        let admin = serve(admin_listener, provider.admin_router().unwrap());
        let relay = Relay::to(Some(server)).await;
        Self {
            admin: relay.beside(admin).await,
            relay,
            sandbox,
            server,
        }
    }

    pub(crate) fn program(&self) -> Program {
        Program::at(&self.relay.url, &self.admin.url)
    }

    /// A call of somebody else's, with the token that the program had last.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let head = format!(
            "{method} /api/{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Type: application/json\r\nContent-Length: {}",
            self.server,
            self.relay.authorization(),
            body.len(),
        );
        let answer = forward(self.server, &head, body.as_bytes()).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call("GET", path, Value::Null).await
    }

    /// The object of a list whose member has this value. There must be one.
    pub(crate) async fn one(&self, path: &str, member: &str, value: &str) -> Value {
        let list = self.get(path).await;
        let mut found = list
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item[member] == value);
        let one = found
            .next()
            .unwrap_or_else(|| panic!("no {value} in {list}"));
        assert_eq!(found.next(), None, "two of {value}");
        one.clone()
    }
}

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn address(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().unwrap()
}

fn url(address: SocketAddr) -> Url {
    format!("http://{address}").parse().unwrap()
}

fn serve(listener: TcpListener, router: axum::Router) -> SocketAddr {
    let address = address(&listener);
    tokio::spawn(http_server::serve(
        CONNECTIONS,
        listener,
        router,
        future::pending(),
    ));
    address
}
