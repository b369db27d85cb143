//! The connection for notices.

use super::{
    super::subscription::{OnNotice, QUIET, closed, in_time, is_silent},
    Result,
};
use crate::Error;
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

/// Receives notices until the connection fails. Returns why it failed.
pub(super) async fn receive(subscribed: PubSub, on_notice: OnNotice) -> Error {
    let (mut questions, mut notices) = subscribed.split();
    loop {
        match timeout(QUIET, notices.next()).await {
            Ok(Some(notice)) => {
                if let Ok(text) = notice.get_payload::<String>() {
                    on_notice(&text);
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
