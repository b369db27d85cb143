//! The measure of all others: a plain axum route with the same answer.

use anyhow::Result;
use axum::{Json, Router, routing::get};
use shared::AuthStatus;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;

/// Where the route is.
pub(super) const PATH: &str = "/plain";

/// Answers this auth status (JSON) on this port, until the program is killed.
///
/// # Errors
/// When the answer is no auth status or the port is taken.
pub async fn serve(port: u16, answer: &str) -> Result<()> {
    let status: AuthStatus = serde_json::from_str(answer)?;
    let routes = Router::new().route(PATH, get(async move || Json(status.clone())));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}
