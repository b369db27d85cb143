//! The connection that hears what other instances tell.

use super::{
    super::{
        engine::EngineError,
        listening::{Told, failed},
    },
    Result,
};
use redis::{Client, Value, aio::PubSub};
use std::time::Duration;
use tokio::time::timeout;
use tokio_stream::StreamExt;

/// How long connecting, signing in and subscribing may take together.
const SUBSCRIBING: Duration = Duration::from_secs(5);
/// A connection that has said nothing for so long is asked whether it is there.
const QUIET: Duration = Duration::from_secs(5);
/// How long it may take to say so. What a server that is only slow was about to tell would go with its connection.
const ANSWER: Duration = Duration::from_secs(3);

pub(super) async fn subscribe(client: &Client, channel: &str) -> Result<PubSub> {
    let subscribing = async {
        let mut subscribed = client.get_async_pubsub().await?;
        subscribed.subscribe(channel).await?;
        Ok(subscribed)
    };
    timeout(SUBSCRIBING, subscribing)
        .await
        .unwrap_or(Err(EngineError::TimedOut))
}

/// Hears until the connection breaks or falls silent, then begins anew.
pub(super) async fn hear(client: Client, channel: String, mut subscribed: PubSub, told: Told) {
    loop {
        if let Err(cause) = hear_one(subscribed, &told).await {
            failed(&cause).await;
        }
        subscribed = loop {
            match subscribe(&client, &channel).await {
                Ok(subscribed) => break subscribed,
                Err(cause) => failed(&cause).await,
            }
        };
    }
}

async fn hear_one(subscribed: PubSub, told: &Told) -> Result<()> {
    let (mut questions, mut notices) = subscribed.split();
    loop {
        match timeout(QUIET, notices.next()).await {
            Ok(Some(notice)) => {
                if let Ok(text) = notice.get_payload::<String>() {
                    told(&text);
                }
            }
            Ok(None) => return Ok(()),
            // Whoever only listens does not notice that the other side is gone.
            Err(_) => {
                timeout(ANSWER, questions.ping::<Value>())
                    .await
                    .map_err(|_| EngineError::TimedOut)??;
            }
        }
    }
}
