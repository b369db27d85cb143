//! The connection that hears what other instances tell. It is none of the pool's, and the library does not mend it: it
//! would wait for an answer without a time-out.

use super::{
    super::{
        engine::EngineError,
        listening::{Told, failed},
    },
    CHANNEL, Result,
};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::time::Duration;
use tokio::time::timeout;

/// How long connecting, signing in and subscribing may take together.
const SUBSCRIBING: Duration = Duration::from_secs(5);
/// A connection that has said nothing for so long is asked whether it is there.
const QUIET: Duration = Duration::from_secs(5);
/// How long it may take to say so. What a server that is only slow was about to tell would go with its connection.
const ANSWER: Duration = Duration::from_secs(3);

/// A connection of its own, in a pool because the library has it only so.
pub(super) async fn subscribe(options: &PgConnectOptions) -> Result<PgListener> {
    let subscribing = async {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(listener)
    };
    timeout(SUBSCRIBING, subscribing)
        .await
        .unwrap_or(Err(EngineError::TimedOut))
}

/// Hears until the connection breaks or falls silent, then begins anew. What was silent goes when TCP gives it up.
pub(super) async fn hear(options: PgConnectOptions, mut subscribed: PgListener, told: Told) {
    loop {
        if let Err(cause) = hear_one(subscribed, &told).await {
            failed(&cause).await;
        }
        subscribed = loop {
            match subscribe(&options).await {
                Ok(subscribed) => break subscribed,
                Err(cause) => failed(&cause).await,
            }
        };
    }
}

async fn hear_one(mut subscribed: PgListener, told: &Told) -> Result<()> {
    loop {
        match timeout(QUIET, subscribed.try_recv()).await {
            Ok(Ok(Some(notice))) => told(notice.payload()),
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(cause)) => return Err(cause.into()),
            // Whoever only listens does not notice that the other side is gone.
            Err(_) => {
                let asking = sqlx::query("SELECT 1").execute(&mut subscribed);
                timeout(ANSWER, asking)
                    .await
                    .map_err(|_| EngineError::TimedOut)??;
            }
        }
    }
}
