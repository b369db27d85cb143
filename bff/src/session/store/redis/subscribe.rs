//! The connection that hears what other instances tell.

use super::{
    super::{
        engine::EngineError,
        subscription::{QUIET, Told, closed, in_time, is_silent},
    },
    Result,
};
use redis::{Client, Value, aio::PubSub};
use tokio::time::timeout;
use tokio_stream::StreamExt;

pub(super) async fn subscribe(client: Client, channel: String) -> Result<PubSub> {
    in_time(async {
        let mut subscribed = client.get_async_pubsub().await?;
        subscribed.subscribe(channel).await?;
        Ok(subscribed)
    })
    .await
}

/// Hears until the connection is of no more use.
pub(super) async fn hear(subscribed: PubSub, told: Told) -> EngineError {
    let (mut questions, mut notices) = subscribed.split();
    loop {
        match timeout(QUIET, notices.next()).await {
            Ok(Some(notice)) => {
                if let Ok(text) = notice.get_payload::<String>() {
                    told(&text);
                }
            }
            Ok(None) => return closed(),
            Err(_) => {
                if let Some(cause) = is_silent(questions.ping::<Value>()).await {
                    return cause;
                }
            }
        }
    }
}
