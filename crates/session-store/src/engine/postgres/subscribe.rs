//! The connection for notices. It is not one of the pool's, and the library does not reconnect it, because the library would
//! wait for an answer without a time-out.

use super::{
    super::subscription::{OnNotice, QUIET, closed, in_time, is_silent},
    CHANNEL, Result,
};
use crate::Error;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::timeout;

/// Opens a connection that listens, in a pool of its own because the library has no other way.
pub(super) async fn subscribe(options: PgConnectOptions) -> Result<PgListener> {
    in_time(async {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(listener)
    })
    .await
}

/// Receives notices until the connection fails. Returns why it failed.
pub(super) async fn receive(mut subscribed: PgListener, on_notice: OnNotice) -> Error {
    loop {
        match timeout(QUIET, subscribed.try_recv()).await {
            Ok(Ok(Some(notice))) => on_notice(notice.payload()),
            Ok(Ok(None)) => return closed(),
            Ok(Err(cause)) => return cause.into(),
            Err(_) => {
                let asking = sqlx::query("SELECT 1").execute(&mut subscribed);
                if let Some(cause) = is_silent(asking).await {
                    return cause;
                }
            }
        }
    }
}
