//! Codes and tokens that a client presents: finds them by digest, with their grant.

use crate::store::{Seconds, Store, StoreError};
use sqlx::{AssertSqlSafe, FromRow, sqlite::SqliteRow};

/// A table of codes or tokens.
#[derive(Clone, Copy)]
pub(super) struct Table(pub(super) &'static str);

impl Store {
    /// The row of this digest, even if it is used or expired. `None` if its user has been deleted, or if it was bound to
    /// a session that has ended.
    pub(super) async fn presented<Row>(
        &self,
        Table(table): Table,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<Row>, StoreError>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        // Safe from injection: the table's name is a constant.
        let query = AssertSqlSafe(format!(
            "SELECT {table}.*, application_id, user_id FROM {table}
             JOIN grants ON grants.id = grant_id JOIN users ON users.id = user_id
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
