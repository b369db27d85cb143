//! What somebody presents: a code or a token, found by its digest together with whose grant it came from.

use crate::store::{Seconds, Store, StoreError};
use sqlx::{AssertSqlSafe, FromRow, sqlite::SqliteRow};

/// A table of codes or tokens, by its name.
#[derive(Clone, Copy)]
pub(super) struct Table(pub(super) &'static str);

impl Store {
    /// The row of this digest, used or expired or not; none when its session ended and it was to die with it.
    pub(super) async fn presented<Row>(
        &self,
        Table(table): Table,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<Row>, StoreError>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        // Safe: the name is a constant of ours.
        let query = AssertSqlSafe(format!(
            "SELECT {table}.*, application_id, user_id FROM {table}
             JOIN grants ON grants.id = grant_id
             WHERE digest = ?1 AND (session_uid IS NULL OR session_uid IN
             (SELECT uid FROM sessions WHERE expires_at > ?2))"
        ));
        sqlx::query_as(query)
            .bind(digest)
            .bind(now)
            .fetch_optional(&self.pool)
            .await
    }
}
