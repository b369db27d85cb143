//! The session store from outside: everything it holds, to compare before and after, and a lock on it.

use super::TestApp;
use sqlx::{Row, Sqlite, pool::PoolConnection, sqlite::SqliteRow};

/// While it is held nobody writes; reading goes on.
pub(crate) struct StoreLock(PoolConnection<Sqlite>);

impl TestApp {
    /// Every row of every table, octets in hex.
    pub(crate) async fn store_content(&self) -> Vec<String> {
        let pool = self.store().await;
        let mut content = Vec::new();
        for statement in [
            "SELECT 'session ' || hex(key) || ' ' || hex(sealed) || ' ' || expires_at FROM session_store_2_session",
            "SELECT 'used ' || hex(value) || ' ' || expires_at FROM session_store_2_used",
        ] {
            let rows = sqlx::query(statement).fetch_all(&pool).await.unwrap();
            content.extend(rows.iter().map(|row: &SqliteRow| row.get::<String, _>(0)));
        }
        content.sort();
        content
    }

    pub(crate) async fn lock_store(&self) -> StoreLock {
        let mut connection = self.store().await.acquire().await.unwrap();
        let begin = sqlx::query("BEGIN IMMEDIATE");
        begin.execute(&mut *connection).await.unwrap();
        StoreLock(connection)
    }
}

impl StoreLock {
    pub(crate) async fn release(mut self) {
        let commit = sqlx::query("COMMIT");
        commit.execute(&mut *self.0).await.unwrap();
    }
}
