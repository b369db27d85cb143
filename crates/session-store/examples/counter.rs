//! A plain axum app with tower-sessions' own layer: counts the visits of a browser, in SQLite.
//!
//! `cargo run -p session-store --example counter`, then open <http://127.0.0.1:4000/> and reload it.

use axum::{Router, routing::get};
use clock::Clock;
use session_store::{Keys, Store};
use std::error::Error;
use tower_sessions::{Session, SessionManagerLayer, session};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::var("COOKIE_SECRET")
        .unwrap_or_else(|_| "an example is no secret, take a random one".to_owned());
    let keys = Keys::derive(secret, "sessions");
    let address = "sqlite:target/counter.sqlite".parse()?;
    let store = Store::open(&address, keys, "counter", Clock::system()).await?;
    // `Secure` cookies need https, which this example does not have.
    let sessions = SessionManagerLayer::new(store).with_secure(false);
    let app = Router::new().route("/", get(count)).layer(sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
    Ok(axum::serve(listener, app).await?)
}

async fn count(session: Session) -> Result<String, String> {
    let failed = |error: session::Error| error.to_string();
    let visits: u64 = session.get("visits").await.map_err(failed)?.unwrap_or(0) + 1;
    session.insert("visits", visits).await.map_err(failed)?;
    Ok(format!("This browser was here {visits} times.\n"))
}
