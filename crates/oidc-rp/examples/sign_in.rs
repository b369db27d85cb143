//! Signs a person in at any OpenID Provider, and prints the claims of the verified ID token.
//!
//! ```text
//! cargo run -p oidc-rp --example sign_in -- ISSUER CLIENT_ID CLIENT_SECRET
//! ```
//!
//! The client must have the redirect URI `http://localhost:8080/callback`, as the application in `tenant.toml` has.

use anyhow::{Context, bail, ensure};
use axum::{Router, extract::RawQuery, routing::get};
use oidc_rp::{AuthorizationResponse, Client, ClientConfig, Clock, Outcome, SignInOptions};
use std::io::{self, Write};
use tokio::{net::TcpListener, sync::mpsc};

const REDIRECT_URI: &str = "http://localhost:8080/callback";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [issuer, client_id, client_secret] = arguments.as_slice() else {
        bail!("give the issuer, the client id and the client secret");
    };
    let config = ClientConfig::new(issuer, client_id, client_secret, REDIRECT_URI)?;
    let client = Client::new(config, Clock::system(), ())?;
    let request = client
        .authorization_request(&SignInOptions::default())
        .await?;
    writeln!(io::stdout(), "Open {}", request.url)?;

    let response = AuthorizationResponse::read(&callback_query().await?);
    let state = response.unverified_state.as_ref();
    ensure!(
        state == Some(request.state.secret()),
        "the response is to another request"
    );
    ensure!(
        client.is_from_issuer(&response).await?,
        "the response is from another issuer"
    );
    let Outcome::Code(code) = response.outcome else {
        bail!("there is no code: {:?}", response.outcome);
    };
    let tokens = client
        .exchange(code, request.pkce_verifier, &request.nonce)
        .await?;
    writeln!(io::stdout(), "{:#?}", tokens.identity.claims)?;
    Ok(())
}

/// The query of the first request to the redirect URI.
async fn callback_query() -> anyhow::Result<String> {
    let (sender, mut receiver) = mpsc::channel(1);
    let callback = |RawQuery(query): RawQuery| async move {
        // A second request comes too late.
        let _ = sender.try_send(query.unwrap_or_default());
        "You may close this page."
    };
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    let router = Router::new().route("/callback", get(callback));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let query = receiver.recv().await.context("the server ended")?;
    server.abort();
    Ok(query)
}
