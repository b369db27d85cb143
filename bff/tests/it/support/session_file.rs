//! The file with the sessions, as somebody breaks it.

use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::path::Path;

pub(super) async fn open(path: &Path) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(path))
        .await
        .unwrap()
}

/// The tables are away until [`mend`].
pub(super) async fn break_it(file: &SqlitePool) {
    let away = "ALTER TABLE session_store_2_session RENAME TO away; ALTER TABLE session_store_2_used RENAME TO used_away";
    sqlx::raw_sql(away).execute(file).await.unwrap();
}

pub(super) async fn mend(file: &SqlitePool) {
    let back = "ALTER TABLE away RENAME TO session_store_2_session; ALTER TABLE used_away RENAME TO session_store_2_used";
    sqlx::raw_sql(back).execute(file).await.unwrap();
}
