//! A fresh database of each engine for one test. PostgreSQL and Redis are servers that run already:
//! `cargo xtask with-stores cargo test -p session-store`.

use sqlx::{Connection, PgConnection};
use std::path::Path;

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Sqlite,
    Postgres,
    Redis,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Memory, Self::Sqlite, Self::Postgres, Self::Redis];
    /// The engines that several processes can share.
    pub(crate) const SHARED: [Self; 2] = [Self::Postgres, Self::Redis];

    /// The address of a database without sessions.
    pub(crate) async fn fresh(self, folder: &Path) -> String {
        // For the message of a test that goes through all engines.
        eprintln!("on {self:?}");
        match self {
            Self::Memory => "memory:".to_owned(),
            Self::Sqlite => format!("sqlite:{}", folder.join("new/sessions.sqlite").display()),
            Self::Postgres => fresh_database().await,
            Self::Redis => fresh_number().await,
        }
    }
}

fn server(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `cargo xtask with-stores cargo test`")
    })
}

async fn fresh_database() -> String {
    let server = server("TEST_POSTGRES_URL");
    let name = format!("test_{:032x}", rand::random::<u128>());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (before, _) = server.rsplit_once('/').unwrap();
    format!("{before}/{name}")
}

/// Redis has numbered databases; number 0 counts those that are taken.
async fn fresh_number() -> String {
    let server = server("TEST_REDIS_URL");
    let client = redis::Client::open(server.as_str()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let number: u32 = redis::cmd("INCR")
        .arg("databases")
        .query_async(&mut connection)
        .await
        .unwrap();
    format!("{}/{number}", server.trim_end_matches('/'))
}
