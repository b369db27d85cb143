//! Sessions in PostgreSQL: several instances of the bff, one truth.

use super::{
    engine::{ENDED_FOR, EngineError, Group, Holder, Index, Key, Moment, Row},
    listening::{Listening, Told, failed},
    sql::sql_engine,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use std::time::Duration;

type Result<T> = std::result::Result<T, EngineError>;

/// Where notices go.
const CHANNEL: &str = "bff_session_1";

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
        let pool = PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(5))
            .connect(url.expose_secret())
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        // The listener connects again by itself.
        let listening = Listening::start(async move {
            loop {
                match listener.recv().await {
                    Ok(notice) => told(notice.payload()),
                    Err(cause) => failed(&cause).await,
                }
            }
        });
        Ok(Self {
            pool,
            _listening: listening,
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

/// One transaction, for one instance at a time: several may start at once. `sealed` is opaque, the other columns are
/// hashes, counts and times.
const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7021451226180);
    CREATE TABLE IF NOT EXISTS bff_session_1 (
        key bytea PRIMARY KEY,
        sealed bytea NOT NULL,
        expires_at bigint NOT NULL,
        version bigint NOT NULL,
        subject bytea,
        sid bytea
    );
    CREATE INDEX IF NOT EXISTS bff_session_1_expires_at ON bff_session_1 (expires_at);
    CREATE INDEX IF NOT EXISTS bff_session_1_subject ON bff_session_1 (subject);
    CREATE INDEX IF NOT EXISTS bff_session_1_sid ON bff_session_1 (sid);
    CREATE TABLE IF NOT EXISTS bff_used_1 (
        value bytea PRIMARY KEY,
        expires_at bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS bff_used_1_expires_at ON bff_used_1 (expires_at);
    CREATE TABLE IF NOT EXISTS bff_lease_1 (
        key bytea PRIMARY KEY,
        holder bytea NOT NULL,
        expires_at bigint NOT NULL
    );
    CREATE TABLE IF NOT EXISTS bff_ended_1 (
        of bytea PRIMARY KEY,
        at bigint NOT NULL
    );
";
