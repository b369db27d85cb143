//! The connection for notices. It is not one of the pool's, and the library does not reconnect it, because the library would
//! wait for an answer without a time-out.

use super::{
    super::subscription::{OnNotice, PING_TIMEOUT, QUIET, closed, in_time, is_silent},
    CHANNEL, Result,
};
use crate::Error;
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
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

/// The same, and a notice from another connection must arrive. It does not behind a pooler that gives a client another server
/// connection for each transaction: what a statement such as LISTEN arranges is lost there.
pub(super) async fn subscribe_and_check(options: &PgConnectOptions) -> Result<PgListener> {
    let mut listener = subscribe(options.clone()).await?;
    let mut other = PgConnection::connect_with(options).await?;
    // Without a prepared statement, which such a pooler may lose, too.
    let notify = format!("SELECT pg_notify('{CHANNEL}', '')");
    let notified = sqlx::raw_sql(sqlx::AssertSqlSafe(notify))
        .execute(&mut other)
        .await;
    let pooled = || Error::Unfit(POOLED.to_owned());
    match notified {
        // The notice came to the connection that sent it, which listens to nothing.
        Err(sqlx::Error::Protocol(_)) => return Err(pooled()),
        notified => notified?,
    };
    let arrived = timeout(PING_TIMEOUT, listener.recv()).await;
    arrived.map_err(|_| pooled())??;
    Ok(listener)
}

const POOLED: &str = "notices do not arrive: it is behind a pooler such as PgBouncer in transaction or statement mode; set \
                      `pool_mode = session`, or name PostgreSQL itself";

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
