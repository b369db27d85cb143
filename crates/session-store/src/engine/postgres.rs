//! Sessions in PostgreSQL, shared by several processes.

mod subscribe;

use super::{
    ENDED_FOR, Holder, Moment, Result, Row,
    sql::sql_engine,
    subscription::{OnNotice, Subscription},
};
use crate::key::{Group, Hash, Index, SessionKey};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;
use tokio::time::timeout;

/// Connections that all requests share.
const CONNECTIONS: u32 = 10;
/// The channel of the notices.
const CHANNEL: &str = "session_store_1";
/// How long a connection may take to answer a ping. The library itself waits as long as TCP does: a quarter of an hour when
/// the other machine disappears, and meanwhile the connection occupies a slot of the pool.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// A connection that was used within this time is not pinged before its next use, so an operation is one round trip.
const PING_AFTER: Duration = Duration::from_secs(1);

/// A pool of connections, and one more connection for notices.
pub(crate) struct Postgres {
    pool: PgPool,
    _subscription: Subscription,
}

sql_engine!(
    Postgres,
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
);

impl Postgres {
    /// Connects, and creates the tables if they do not exist.
    pub(crate) async fn open(url: &SecretString, on_notice: OnNotice) -> Result<Self> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(|connection, _| Box::pin(greet(connection)))
            // Instead of the library's own ping, which has no time-out.
            .test_before_acquire(false)
            .before_acquire(|connection, seen| {
                Box::pin(
                    async move { Ok(seen.idle_for < PING_AFTER || is_there(connection).await?) },
                )
            })
            // The library pings once more when a connection comes back, also without a time-out: after a statement that
            // was abandoned the connection is often silent.
            .after_release(|connection, _| Box::pin(is_there(connection)))
            .connect_with(options.clone())
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        let subscribed = subscribe::subscribe(options.clone()).await?;
        Ok(Self {
            pool,
            _subscription: Subscription::start(
                subscribed,
                move || subscribe::subscribe(options.clone()),
                move |subscribed| subscribe::receive(subscribed, on_notice.clone()),
            ),
        })
    }

    async fn notify(&self, notice: &str) -> Result<()> {
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(notice)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Prepares a new connection: bounds how long a statement may take, because nobody waits longer and an abandoned statement
/// goes on in the server. Refuses a standby: it was the primary a moment ago, and it takes no sign-in and no sign-out.
async fn greet(connection: &mut PgConnection) -> sqlx::Result<()> {
    let only_reads: bool = sqlx::query_scalar(
        "SELECT pg_is_in_recovery() FROM set_config('statement_timeout', '6s', false)",
    )
    .fetch_one(connection)
    .await?;
    if only_reads {
        let cause = "this PostgreSQL is a standby: it only reads";
        return Err(sqlx::Error::Configuration(cause.into()));
    }
    Ok(())
}

/// Fails for a connection that is broken or silent. The pool then drops it and opens another one.
async fn is_there(connection: &mut PgConnection) -> sqlx::Result<bool> {
    timeout(PING_TIMEOUT, connection.ping())
        .await
        .map_err(std::io::Error::from)??;
    Ok(true)
}

/// One transaction behind a lock, because several instances may start at once. `sealed` is opaque; the other columns are
/// hashes, counts and times.
const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7021451226180);
    CREATE TABLE IF NOT EXISTS session_store_1_session (
        key bytea PRIMARY KEY,
        sealed bytea NOT NULL,
        expires_at bigint NOT NULL,
        version bigint NOT NULL,
        subject bytea,
        provider_session bytea
    );
    CREATE INDEX IF NOT EXISTS session_store_1_session_expires_at ON session_store_1_session (expires_at);
    CREATE INDEX IF NOT EXISTS session_store_1_session_subject ON session_store_1_session (subject);
    CREATE INDEX IF NOT EXISTS session_store_1_session_provider_session ON session_store_1_session (provider_session);
    CREATE TABLE IF NOT EXISTS session_store_1_used (
        value bytea PRIMARY KEY,
        expires_at bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS session_store_1_used_expires_at ON session_store_1_used (expires_at);
    CREATE TABLE IF NOT EXISTS session_store_1_lease (
        key bytea PRIMARY KEY,
        holder bytea NOT NULL,
        expires_at bigint NOT NULL
    );
    CREATE TABLE IF NOT EXISTS session_store_1_ended (
        of bytea PRIMARY KEY,
        at bigint NOT NULL
    );
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fresh_database::Kind;
    use std::sync::Arc;

    #[tokio::test]
    async fn the_server_bounds_how_long_a_statement_may_take() {
        let url = Kind::Postgres.fresh("".as_ref()).await.into();
        let postgres = Postgres::open(&url, Arc::new(|_| {})).await.unwrap();
        let bound: String = sqlx::query_scalar("SHOW statement_timeout")
            .fetch_one(&postgres.pool)
            .await
            .unwrap();
        assert_eq!(bound, "6s");
    }
}
