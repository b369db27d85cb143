//! The provider of the load tests: it signs every visitor in, as the person that the address names.

use anyhow::Result;
use clock::Clock;
use dev_system::ports;
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};
use test_provider::{Endpoint, Mutation, Settings, TestProvider, at};
use tokio::{net::TcpListener, task::JoinHandle};

/// Where browsers find the bff: one address for all instances, as behind one proxy.
pub(crate) const BASE_URL: &str = "http://localhost";
/// How long the response to a refresh is delayed, so that a crash can come before it.
const ON_ITS_WAY: Duration = Duration::from_millis(25);
/// As at Logto.
const REFRESH_TOKEN_REUSE: Duration = Duration::from_secs(3);

/// A running provider. It ends when this value is dropped.
pub(crate) struct Provider {
    pub(crate) at: Arc<TestProvider>,
    pub(crate) port: u16,
    serving: JoinHandle<()>,
}

impl Provider {
    pub(crate) async fn start(access_token_life: Duration) -> Result<Self> {
        let port = ports::free()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let issuer = format!("{}/oidc", endpoint(port));
        let settings = Settings {
            access_token_life,
            access_tokens_expire: true,
            refresh_token_reuse: REFRESH_TOKEN_REUSE,
            claims: claims(),
            ..Settings::new(issuer, BASE_URL.to_owned(), Clock::system())
        };
        let at = TestProvider::new(settings, slow_refreshes());
        let router = at.router();
        let serving = tokio::spawn(async {
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { at, port, serving })
    }

    /// What the bff knows as `LOGTO_ENDPOINT`.
    pub(crate) fn endpoint(&self) -> String {
        endpoint(self.port)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// An ID token need not come with a refresh, and signing takes time in a debug build.
fn slow_refreshes() -> Mutation {
    at(Endpoint::Refresh, |reply| {
        reply.id_token = None;
        reply.delay = ON_ITS_WAY;
    })
}

/// Those of Logto, in length too: they are most of what a session takes.
fn claims() -> Value {
    json!({
        "phone_number": "8613900000000", "phone_number_verified": true,
        "created_at": 1_700_000_000_000_u64, "updated_at": 1_700_000_000_000_u64,
        "name": null, "picture": null, "username": null, "email": null, "email_verified": false,
        "roles": [], "organizations": []
    })
}
