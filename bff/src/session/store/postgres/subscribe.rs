//! The connection that hears what other instances tell. It is none of the pool's, and the library does not mend it: it
//! would wait for an answer without a time-out.

use super::{
    super::{
        engine::EngineError,
        subscription::{QUIET, Told, closed, in_time, is_silent},
    },
    CHANNEL, Result,
};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::timeout;

/// A connection of its own, in a pool because the library has it only so.
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

/// Hears until the connection is of no more use. What was silent goes when TCP gives it up.
pub(super) async fn hear(mut subscribed: PgListener, told: Told) -> EngineError {
    loop {
        match timeout(QUIET, subscribed.try_recv()).await {
            Ok(Ok(Some(notice))) => told(notice.payload()),
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
