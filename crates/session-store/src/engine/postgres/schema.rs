//! The tables, and the privileges that a role needs.

use super::Result;
use crate::Error;
use sqlx::PgPool;

/// Creates the tables if they do not exist. A role that may not create tables only needs to read and write them.
pub(super) async fn prepare(pool: &PgPool) -> Result<()> {
    let exist = "SELECT count(to_regclass(name)) = cardinality($1) FROM unnest($1) AS name";
    if !is_so(pool, exist).await? {
        let creating = sqlx::raw_sql(SCHEMA).execute(pool).await;
        if let Err(error) = creating {
            let code = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code);
            return match code.as_deref() {
                // insufficient_privilege, or no schema that this role may use
                Some("42501" | "3F000") => {
                    lacking(
                        pool,
                        "USAGE, CREATE ON SCHEMA ",
                        "quote_ident(coalesce(current_schema(), 'public'))",
                    )
                    .await
                }
                _ => Err(error.into()),
            };
        }
    }
    let may = "SELECT bool_and(has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT') \
               AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE')) FROM unnest($1) AS name";
    if !is_so(pool, may).await? {
        let tables = TABLES.join(", ");
        return lacking(
            pool,
            &format!("SELECT, INSERT, UPDATE, DELETE ON {tables}"),
            "''",
        )
        .await;
    }
    Ok(())
}

/// Runs a query about the tables that returns one Boolean.
async fn is_so(pool: &PgPool, question: &'static str) -> Result<bool> {
    let asking = sqlx::query_scalar(question).bind(TABLES.as_slice());
    Ok(asking.fetch_one(pool).await?)
}

/// Returns an error with the statement that an administrator has to run.
async fn lacking(pool: &PgPool, privileges: &str, schema: &'static str) -> Result<()> {
    let grant = format!("SELECT 'GRANT ' || $1 || {schema} || ' TO ' || quote_ident(current_user)");
    let asking = sqlx::query_scalar(sqlx::AssertSqlSafe(grant)).bind(privileges);
    let grant: String = asking.fetch_one(pool).await?;
    let cause = format!("the role lacks a privilege: an administrator has to run `{grant}`");
    Err(Error::Unfit(cause))
}

pub(super) const TABLES: [&str; 4] = [
    "session_store_2_session",
    "session_store_2_used",
    "session_store_2_lease",
    "session_store_2_ended",
];

/// One transaction behind a lock, because several instances may start at once. `sealed` is opaque; the other columns are
/// hashes, counts and times.
const SCHEMA: &str = "
    SELECT pg_advisory_xact_lock(7021451226180);
    CREATE TABLE IF NOT EXISTS session_store_2_session (
        key bytea PRIMARY KEY,
        sealed bytea NOT NULL,
        expires_at bigint NOT NULL,
        version bigint NOT NULL,
        subject bytea,
        provider_session bytea
    );
    CREATE INDEX IF NOT EXISTS session_store_2_session_expires_at ON session_store_2_session (expires_at);
    CREATE INDEX IF NOT EXISTS session_store_2_session_subject ON session_store_2_session (subject, expires_at);
    CREATE INDEX IF NOT EXISTS session_store_2_session_provider_session ON session_store_2_session (provider_session, expires_at);
    CREATE TABLE IF NOT EXISTS session_store_2_used (
        value bytea PRIMARY KEY,
        expires_at bigint NOT NULL
    );
    CREATE INDEX IF NOT EXISTS session_store_2_used_expires_at ON session_store_2_used (expires_at);
    CREATE TABLE IF NOT EXISTS session_store_2_lease (
        key bytea PRIMARY KEY,
        holder bytea NOT NULL,
        expires_at bigint NOT NULL
    );
    CREATE TABLE IF NOT EXISTS session_store_2_ended (
        of bytea PRIMARY KEY,
        at bigint NOT NULL
    );
";
