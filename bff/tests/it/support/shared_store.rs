//! What happens to a store on another machine, done by hand.

use super::Kind;
use redis::AsyncCommands;
use sqlx::{Connection, PgConnection};

impl Kind {
    /// Evicted, flushed, restored from nothing.
    pub(crate) async fn forget_everything(self, store: &str) {
        match self {
            Self::Redis => {
                let () = redis::cmd("FLUSHDB")
                    .query_async(&mut redis_at(store).await)
                    .await
                    .unwrap();
            }
            _ => {
                run(
                    store,
                    "TRUNCATE session_store_2_session, session_store_2_used, session_store_2_lease",
                )
                .await;
            }
        }
    }

    /// As if all leases had expired.
    pub(crate) async fn forget_leases(self, store: &str) {
        match self {
            Self::Redis => {
                let mut redis = redis_at(store).await;
                let keys: Vec<String> = redis.keys("session-store:2:lease:*").await.unwrap();
                let () = redis.del(keys).await.unwrap();
            }
            _ => run(store, "DELETE FROM session_store_2_lease").await,
        }
    }

    /// Every session's content is as another version of the program would have written it.
    pub(crate) async fn spoil_content(self, store: &str) {
        match self {
            Self::Redis => {
                let mut redis = redis_at(store).await;
                let keys: Vec<String> = redis.keys("session-store:2:session:*").await.unwrap();
                assert!(!keys.is_empty());
                for key in keys {
                    let () = redis.hset(key, "sealed", b"\x02newer").await.unwrap();
                }
            }
            _ => {
                run(
                    store,
                    r"UPDATE session_store_2_session SET sealed = '\x026e65776572'",
                )
                .await;
            }
        }
    }
}

/// Nobody else reads or writes a session in PostgreSQL while it is held.
pub(crate) struct TableLock(PgConnection);

impl TableLock {
    pub(crate) async fn on(store: &str) -> Self {
        let mut connection = PgConnection::connect(store).await.unwrap();
        let lock = "BEGIN; LOCK TABLE session_store_2_session IN ACCESS EXCLUSIVE MODE";
        sqlx::raw_sql(lock).execute(&mut connection).await.unwrap();
        Self(connection)
    }

    /// Until so many statements wait for it.
    pub(crate) async fn holds_up(&mut self, statements: i64) {
        let count = "SELECT count(*) FROM pg_locks WHERE NOT granted \
                     AND relation = 'session_store_2_session'::regclass";
        let mut waiting = 0;
        while waiting < statements {
            let counting = sqlx::query_scalar(count).fetch_one(&mut self.0);
            waiting = counting.await.unwrap();
        }
    }
}

async fn redis_at(store: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(store).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn run(store: &str, statement: &'static str) {
    let mut connection = PgConnection::connect(store).await.unwrap();
    sqlx::raw_sql(statement)
        .execute(&mut connection)
        .await
        .unwrap();
}
