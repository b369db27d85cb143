//! Sessions in PostgreSQL: several instances of the bff, one truth.

mod subscribe;

use super::{
    engine::{ENDED_FOR, EngineError, Group, Holder, Index, Key, Moment, Row},
    sql::{NotHere, sql_engine},
    subscription::{Listening, Told},
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;
use tokio::time::timeout;

type Result<T> = std::result::Result<T, EngineError>;

/// How many connections requests share.
const CONNECTIONS: u32 = 10;
/// Where notices go.
const CHANNEL: &str = "bff_session_4";
/// How long a connection may take to say that it is there. The library waits for that as long as TCP does, a quarter of
/// an hour when the other machine is gone without a word, and a connection that is waited for keeps its place in the pool.
const POOL_ANSWER: Duration = Duration::from_secs(1);
/// A connection that was used within this time is not asked before it is used again: an operation is one round trip.
const POOL_QUIET: Duration = Duration::from_secs(1);

/// A pool of connections, and one more that listens.
pub(super) struct PostgresRows {
    pool: PgPool,
    _listening: Listening,
}

sql_engine!(
    PostgresRows,
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
);

impl PostgresRows {
    /// Connects, and makes the tables when they are not there.
    pub(super) async fn open(url: &SecretString, told: Told) -> Result<Self> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(|connection, _| Box::pin(greet(connection)))
            // Instead of the library's own look at a connection, which knows no time-out.
            .test_before_acquire(false)
            .before_acquire(|connection, seen| {
                Box::pin(
                    async move { Ok(seen.idle_for < POOL_QUIET || is_there(connection).await?) },
                )
            })
            // Before the library looks again, without one: what a statement that was given up leaves is often silent.
            .after_release(|connection, _| Box::pin(is_there(connection)))
            .connect_with(options.clone())
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        let subscribed = subscribe::subscribe(options.clone()).await?;
        Ok(Self {
            pool,
            _listening: Listening::start(
                subscribed,
                move || subscribe::subscribe(options.clone()),
                move |subscribed| subscribe::hear(subscribed, told.clone()),
            ),
        })
    }

    /// A server is asked over its connections.
    #[expect(
        clippy::unused_self,
        reason = "SQLite, whose statements are shared, has readers"
    )]
    fn get_here(&self, _: &Key) -> std::result::Result<Option<Row>, NotHere> {
        Err(NotHere)
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

/// Bounds what a statement may take, for nobody waits longer, and one that was given up goes on in the server, where it keeps
/// a place. And refuses a server that only reads: one that was the primary until a moment ago takes no sign-in and no sign-out.
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

/// Fails for a connection that is broken or silent: the pool then drops it, and opens another one.
async fn is_there(connection: &mut PgConnection) -> sqlx::Result<bool> {
    timeout(POOL_ANSWER, connection.ping())
        .await
        .map_err(std::io::Error::from)??;
    Ok(true)
}

/// One transaction, for one instance at a time: several may start at once. `sealed` is opaque, the other columns are
/// hashes, counts and times.
const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7021451226180);
    CREATE TABLE IF NOT EXISTS bff_session_4 (
        key bytea PRIMARY KEY,
        sealed bytea NOT NULL,
        expires_at bigint NOT NULL,
        version bigint NOT NULL,
        subject bytea,
        sid bytea
    );
    CREATE INDEX IF NOT EXISTS bff_session_4_expires_at ON bff_session_4 (expires_at);
    CREATE INDEX IF NOT EXISTS bff_session_4_subject ON bff_session_4 (subject);
    CREATE INDEX IF NOT EXISTS bff_session_4_sid ON bff_session_4 (sid);
    CREATE TABLE IF NOT EXISTS bff_used_4 (
        value bytea PRIMARY KEY,
        expires_at bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS bff_used_4_expires_at ON bff_used_4 (expires_at);
    CREATE TABLE IF NOT EXISTS bff_lease_4 (
        key bytea PRIMARY KEY,
        holder bytea NOT NULL,
        expires_at bigint NOT NULL
    );
    CREATE TABLE IF NOT EXISTS bff_ended_4 (
        of bytea PRIMARY KEY,
        at bigint NOT NULL
    );
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fresh_store::Kind;
    use std::sync::Arc;

    #[tokio::test]
    async fn the_server_is_told_how_long_a_statement_may_take() {
        let url = Kind::Postgres.fresh("".as_ref()).await.into();
        let rows = PostgresRows::open(&url, Arc::new(|_| {})).await.unwrap();
        let bound: String = sqlx::query_scalar("SHOW statement_timeout")
            .fetch_one(&rows.pool)
            .await
            .unwrap();
        assert_eq!(bound, "6s");
    }
}
