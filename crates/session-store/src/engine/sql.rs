//! The statements that SQLite and PostgreSQL share. What differs (opening, tables, the clock, notices) is in their own files.
//!
//! The number in the tables' names changes with their shape, so that an older and a newer program can run side by side,
//! each with its own sessions.

use super::Row;
use crate::key::{Group, SessionKey};

/// Implements [`Engine`](super::Engine) for a type with a `pool` of connections and a method `notify`. `$now` is the
/// database's own clock, in milliseconds since 1970.
macro_rules! sql_engine {
    ($rows:ident, $now:literal) => {
        #[async_trait::async_trait]
        impl super::Engine for $rows {
            async fn insert(&self, key: &SessionKey, row: &Row, index: &Index) -> Result<()> {
                sqlx::query(
                    "INSERT INTO session_store_2_session (key, sealed, expires_at, version, subject, provider_session) \
                     VALUES ($1, $2, $3, 0, $4, $5)",
                )
                .bind(key.0.as_slice())
                .bind(row.sealed.as_slice())
                .bind(row.expires_at)
                .bind(index.subject.as_ref().map(Hash::as_slice))
                .bind(index.provider_session.as_ref().map(Hash::as_slice))
                .execute(&self.pool)
                .await?;
                Ok(())
            }

            async fn replace(&self, key: &SessionKey, sealed: &[u8], version: i64) -> Result<bool> {
                let done = sqlx::query(
                    "UPDATE session_store_2_session SET sealed = $1, version = version + 1 \
                     WHERE key = $2 AND version = $3",
                )
                .bind(sealed)
                .bind(key.0.as_slice())
                .bind(version)
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn touch(&self, key: &SessionKey, expires_at: i64, now: i64) -> Result<bool> {
                let done = sqlx::query(
                    "UPDATE session_store_2_session SET expires_at = $1 WHERE key = $2 AND expires_at > $3",
                )
                .bind(expires_at)
                .bind(key.0.as_slice())
                .bind(now)
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn get(&self, key: &SessionKey) -> Result<Option<Row>> {
                let row = sqlx::query_as(
                    "SELECT sealed, expires_at, version FROM session_store_2_session WHERE key = $1",
                )
                    .bind(key.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                Ok(row.map(<(Vec<u8>, i64, i64)>::into))
            }

            async fn delete(&self, key: &SessionKey) -> Result<Option<Row>> {
                let row = sqlx::query_as(
                    "DELETE FROM session_store_2_session WHERE key = $1 RETURNING sealed, expires_at, version",
                )
                .bind(key.0.as_slice())
                .fetch_optional(&self.pool)
                .await?;
                Ok(row.map(<(Vec<u8>, i64, i64)>::into))
            }

            async fn delete_version(&self, key: &SessionKey, version: i64) -> Result<bool> {
                let done = sqlx::query("DELETE FROM session_store_2_session WHERE key = $1 AND version = $2")
                    .bind(key.0.as_slice())
                    .bind(version)
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn rows_of(&self, group: Group, most: u16) -> Result<Vec<(SessionKey, Row)>> {
                let (statement, of) = match group {
                    Group::Subject(of) => (
                        "SELECT key, sealed, expires_at, version FROM session_store_2_session \
                         WHERE subject = $1 ORDER BY expires_at DESC LIMIT $2",
                        of,
                    ),
                    Group::ProviderSession(of) => (
                        "SELECT key, sealed, expires_at, version FROM session_store_2_session \
                         WHERE provider_session = $1 ORDER BY expires_at DESC LIMIT $2",
                        of,
                    ),
                };
                let rows = sqlx::query_as(statement)
                    .bind(of.as_slice())
                    .bind(i64::from(most))
                    .fetch_all(&self.pool)
                    .await?;
                Ok(rows.into_iter().filter_map(super::sql::keyed_row).collect())
            }

            /// Two statements, the first complete before the second begins: a sign-in under way finds the end recorded, or
            /// its session is deleted.
            async fn delete_all_of(&self, group: Group) -> Result<Vec<(SessionKey, Row)>> {
                sqlx::query(concat!(
                    "INSERT INTO session_store_2_ended (of, at) VALUES ($1, ", $now, ") \
                     ON CONFLICT (of) DO UPDATE SET at = excluded.at"
                ))
                .bind(super::sql::name_of(group))
                .execute(&self.pool)
                .await?;
                let (statement, of) = match group {
                    Group::Subject(of) => (
                        "DELETE FROM session_store_2_session WHERE subject = $1 \
                         RETURNING key, sealed, expires_at, version",
                        of,
                    ),
                    Group::ProviderSession(of) => (
                        "DELETE FROM session_store_2_session WHERE provider_session = $1 \
                         RETURNING key, sealed, expires_at, version",
                        of,
                    ),
                };
                let rows = sqlx::query_as(statement)
                    .bind(of.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                Ok(rows.into_iter().filter_map(super::sql::keyed_row).collect())
            }

            async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool> {
                let ended = sqlx::query_scalar(
                    "SELECT EXISTS (SELECT 1 FROM session_store_2_ended WHERE of = $1 AND at >= $2)",
                )
                .bind(super::sql::name_of(group))
                .bind(moment)
                .fetch_one(&self.pool)
                .await?;
                Ok(ended)
            }

            async fn is_used(&self, value: &Hash) -> Result<bool> {
                let is_used =
                    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM session_store_2_used WHERE value = $1)")
                        .bind(value.as_slice())
                        .fetch_one(&self.pool)
                        .await?;
                Ok(is_used)
            }

            async fn mark_used(&self, value: &Hash, expires_at: i64) -> Result<Option<Moment>> {
                let first = sqlx::query_scalar(concat!(
                    "INSERT INTO session_store_2_used (value, expires_at) VALUES ($1, $2) \
                     ON CONFLICT DO NOTHING RETURNING ", $now
                ))
                .bind(value.as_slice())
                .bind(expires_at)
                .fetch_optional(&self.pool)
                .await?;
                Ok(first)
            }

            async fn lease(&self, key: &SessionKey, holder: &Holder, life: Duration) -> Result<bool> {
                let done = sqlx::query(concat!(
                    "INSERT INTO session_store_2_lease (key, holder, expires_at) VALUES ($1, $2, ", $now, " + $3) \
                     ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
                     WHERE session_store_2_lease.expires_at <= ", $now
                ))
                .bind(key.0.as_slice())
                .bind(holder.as_slice())
                .bind(super::milliseconds(life))
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn release(&self, key: &SessionKey, holder: &Holder) -> Result<()> {
                sqlx::query("DELETE FROM session_store_2_lease WHERE key = $1 AND holder = $2")
                    .bind(key.0.as_slice())
                    .bind(holder.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            /// Batches keep each statement short, so that a sweep does not hold the database for long.
            async fn sweep(&self, now: i64) -> Result<u64> {
                const BATCH: i64 = 1_000;
                sqlx::query(concat!("DELETE FROM session_store_2_lease WHERE expires_at <= ", $now))
                    .execute(&self.pool)
                    .await?;
                sqlx::query(concat!("DELETE FROM session_store_2_ended WHERE at + $1 <= ", $now))
                    .bind(super::milliseconds(ENDED_FOR))
                    .execute(&self.pool)
                    .await?;
                let mut deleted = 0;
                for statement in [
                    "DELETE FROM session_store_2_used WHERE value IN \
                     (SELECT value FROM session_store_2_used WHERE expires_at <= $1 LIMIT $2)",
                    "DELETE FROM session_store_2_session WHERE key IN \
                     (SELECT key FROM session_store_2_session WHERE expires_at <= $1 LIMIT $2)",
                ] {
                    deleted = 0;
                    loop {
                        let batch = sqlx::query(statement)
                            .bind(now)
                            .bind(BATCH)
                            .execute(&self.pool)
                            .await?
                            .rows_affected();
                        deleted += batch;
                        if batch < BATCH.unsigned_abs() {
                            break;
                        }
                    }
                }
                Ok(deleted)
            }

            async fn count(&self) -> Result<u64> {
                let count: i64 = sqlx::query_scalar("SELECT count(*) FROM session_store_2_session")
                    .fetch_one(&self.pool)
                    .await?;
                Ok(count.unsigned_abs())
            }

            async fn publish(&self, notice: &str) -> Result<()> {
                self.notify(notice).await
            }
        }
    };
}

pub(super) use sql_engine;

/// Key, sealed content, end and version.
pub(super) type KeyedRow = (Vec<u8>, Vec<u8>, i64, i64);

pub(super) fn keyed_row((key, sealed, expires_at, version): KeyedRow) -> Option<(SessionKey, Row)> {
    let key = SessionKey(key.try_into().ok()?);
    Some((key, (sealed, expires_at, version).into()))
}

/// The name under which the end of a group is recorded.
pub(super) fn name_of(group: Group) -> Vec<u8> {
    let (kind, of) = match group {
        Group::Subject(of) => (b's', of),
        Group::ProviderSession(of) => (b'i', of),
    };
    [&[kind], of.as_slice()].concat()
}
