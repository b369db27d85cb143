//! Sessions in a relational database: one set of statements for SQLite and PostgreSQL. What differs between the two
//! (opening, tables, the clock, notices) is in their own files.
//!
//! The tables' names carry a number. A change of their shape takes the next one, so that an older and a newer program
//! can run side by side, each with its own sessions, and none reads what it does not understand.

use super::engine::{Group, Key, Row};

/// A session's row by its key.
pub(super) const SELECT_ROW: &str =
    "SELECT sealed, expires_at, version FROM bff_session_4 WHERE key = $1";

/// A row that cannot be read in the thread that asks: it takes a connection of the pool.
pub(super) struct NotHere;

/// Implements [`Engine`](super::engine::Engine) for a pool of connections. `$now` is the database's own clock, in
/// milliseconds since 1970.
macro_rules! sql_engine {
    ($rows:ident, $now:literal) => {
        #[async_trait::async_trait]
        impl super::engine::Engine for $rows {
            async fn insert(&self, key: &Key, row: &Row, index: &Index) -> Result<()> {
                sqlx::query(
                    "INSERT INTO bff_session_4 (key, sealed, expires_at, version, subject, sid) \
                     VALUES ($1, $2, $3, 0, $4, $5)",
                )
                .bind(key.as_slice())
                .bind(row.sealed.as_slice())
                .bind(row.expires_at)
                .bind(index.subject.as_ref().map(Key::as_slice))
                .bind(index.sid.as_ref().map(Key::as_slice))
                .execute(&self.pool)
                .await?;
                Ok(())
            }

            async fn replace(&self, key: &Key, row: &Row) -> Result<bool> {
                let done = sqlx::query(
                    "UPDATE bff_session_4 SET sealed = $1, expires_at = $2, version = version + 1 \
                     WHERE key = $3 AND version = $4",
                )
                .bind(row.sealed.as_slice())
                .bind(row.expires_at)
                .bind(key.as_slice())
                .bind(row.version)
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn get(&self, key: &Key) -> Result<Option<Row>> {
                if let Ok(row) = self.get_here(key) {
                    return Ok(row);
                }
                let row = sqlx::query_as(super::sql::SELECT_ROW)
                    .bind(key.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                Ok(row.map(<(Vec<u8>, i64, i64)>::into))
            }

            async fn delete(&self, key: &Key) -> Result<Option<Row>> {
                let row = sqlx::query_as(
                    "DELETE FROM bff_session_4 WHERE key = $1 RETURNING sealed, expires_at, version",
                )
                .bind(key.as_slice())
                .fetch_optional(&self.pool)
                .await?;
                Ok(row.map(<(Vec<u8>, i64, i64)>::into))
            }

            async fn delete_version(&self, key: &Key, version: i64) -> Result<bool> {
                let done = sqlx::query("DELETE FROM bff_session_4 WHERE key = $1 AND version = $2")
                    .bind(key.as_slice())
                    .bind(version)
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn rows_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
                let (statement, of) = match group {
                    Group::Subject(of) => (
                        "SELECT key, sealed, expires_at, version FROM bff_session_4 WHERE subject = $1",
                        of,
                    ),
                    Group::Sid(of) => (
                        "SELECT key, sealed, expires_at, version FROM bff_session_4 WHERE sid = $1",
                        of,
                    ),
                };
                let rows = sqlx::query_as(statement)
                    .bind(of.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                Ok(rows.into_iter().filter_map(super::sql::keyed_row).collect())
            }

            /// Two statements, each whole when the next begins: a sign-in under way meets the one or the other.
            async fn delete_all_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
                sqlx::query(concat!(
                    "INSERT INTO bff_ended_4 (of, at) VALUES ($1, ", $now, ") \
                     ON CONFLICT (of) DO UPDATE SET at = excluded.at"
                ))
                .bind(super::sql::name_of(group))
                .execute(&self.pool)
                .await?;
                let (statement, of) = match group {
                    Group::Subject(of) => (
                        "DELETE FROM bff_session_4 WHERE subject = $1 \
                         RETURNING key, sealed, expires_at, version",
                        of,
                    ),
                    Group::Sid(of) => (
                        "DELETE FROM bff_session_4 WHERE sid = $1 \
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
                    "SELECT EXISTS (SELECT 1 FROM bff_ended_4 WHERE of = $1 AND at >= $2)",
                )
                .bind(super::sql::name_of(group))
                .bind(moment)
                .fetch_one(&self.pool)
                .await?;
                Ok(ended)
            }

            async fn is_used(&self, value: &Key) -> Result<bool> {
                let is_used =
                    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM bff_used_4 WHERE value = $1)")
                        .bind(value.as_slice())
                        .fetch_one(&self.pool)
                        .await?;
                Ok(is_used)
            }

            async fn mark_used(&self, value: &Key, expires_at: i64) -> Result<Option<Moment>> {
                let first = sqlx::query_scalar(concat!(
                    "INSERT INTO bff_used_4 (value, expires_at) VALUES ($1, $2) \
                     ON CONFLICT DO NOTHING RETURNING ", $now
                ))
                .bind(value.as_slice())
                .bind(expires_at)
                .fetch_optional(&self.pool)
                .await?;
                Ok(first)
            }

            async fn lease(&self, key: &Key, holder: &Holder, life: Duration) -> Result<bool> {
                let done = sqlx::query(concat!(
                    "INSERT INTO bff_lease_4 (key, holder, expires_at) VALUES ($1, $2, ", $now, " + $3) \
                     ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
                     WHERE bff_lease_4.holder = excluded.holder OR bff_lease_4.expires_at <= ", $now
                ))
                .bind(key.as_slice())
                .bind(holder.as_slice())
                .bind(super::engine::milliseconds(life))
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn release(&self, key: &Key, holder: &Holder) -> Result<()> {
                sqlx::query("DELETE FROM bff_lease_4 WHERE key = $1 AND holder = $2")
                    .bind(key.as_slice())
                    .bind(holder.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            /// One statement deletes so many rows at most that it does not hold the database for long.
            async fn sweep(&self, now: i64) -> Result<u64> {
                const BATCH: i64 = 1_000;
                sqlx::query(concat!("DELETE FROM bff_lease_4 WHERE expires_at <= ", $now))
                    .execute(&self.pool)
                    .await?;
                sqlx::query(concat!("DELETE FROM bff_ended_4 WHERE at + $1 <= ", $now))
                    .bind(super::engine::milliseconds(ENDED_FOR))
                    .execute(&self.pool)
                    .await?;
                let mut deleted = 0;
                for statement in [
                    "DELETE FROM bff_used_4 WHERE value IN \
                     (SELECT value FROM bff_used_4 WHERE expires_at <= $1 LIMIT $2)",
                    "DELETE FROM bff_session_4 WHERE key IN \
                     (SELECT key FROM bff_session_4 WHERE expires_at <= $1 LIMIT $2)",
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
                let count: i64 = sqlx::query_scalar("SELECT count(*) FROM bff_session_4")
                    .fetch_one(&self.pool)
                    .await?;
                Ok(count.unsigned_abs())
            }

            async fn tell_others(&self, notice: &str) -> Result<()> {
                self.notify(notice).await
            }
        }
    };
}

pub(super) use sql_engine;

/// Key, sealed content, end and version.
pub(super) type KeyedRow = (Vec<u8>, Vec<u8>, i64, i64);

pub(super) fn keyed_row((key, sealed, expires_at, version): KeyedRow) -> Option<(Key, Row)> {
    Some((key.try_into().ok()?, (sealed, expires_at, version).into()))
}

/// What an end of a group is noted under.
pub(super) fn name_of(group: Group) -> Vec<u8> {
    let (kind, of) = match group {
        Group::Subject(of) => (b's', of),
        Group::Sid(of) => (b'i', of),
    };
    [&[kind], of.as_slice()].concat()
}
