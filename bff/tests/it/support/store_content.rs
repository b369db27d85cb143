//! Looking into the session store: everything it holds, to compare before and after.

use super::TestApp;
use sqlx::{Row, sqlite::SqliteRow};

impl TestApp {
    /// Every row of every table, octets in hex.
    pub(crate) async fn store_content(&self) -> Vec<String> {
        let pool = self.store().await;
        let sessions =
            "SELECT 'session ' || hex(key) || ' ' || hex(sealed) || ' ' || expires_at FROM session";
        let used = "SELECT 'used ' || hex(value) || ' ' || expires_at FROM used";
        let mut content = Vec::new();
        for statement in [sessions, used] {
            let rows = sqlx::query(statement).fetch_all(&pool).await.unwrap();
            content.extend(rows.iter().map(|row: &SqliteRow| row.get::<String, _>(0)));
        }
        content.sort();
        content
    }
}
