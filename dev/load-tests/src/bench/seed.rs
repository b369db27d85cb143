//! Made-up sessions in a store that a bff has opened before.

use anyhow::{Context as _, Result, bail};
use clock::Clock;
use redis::AsyncConnectionConfig;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

/// Bytes of a session's sealed content, about as many as Logto's tokens make.
const SEALED: usize = 1_712;
/// Sessions that Redis gets at once.
const BATCH: usize = 1_000;

/// Puts so many sessions into a store (`SESSION_STORE`). None of them expires while it is measured.
///
/// # Errors
/// When the store refuses, or is in memory.
pub(super) async fn fill(store: &str, count: u32) -> Result<()> {
    let expires_at = Clock::system().unix() + 1_000_000;
    match store.split_once(':').context("which store?")? {
        ("sqlite", path) => fill_sqlite(path, count, expires_at).await,
        ("postgres", _) => fill_postgres(store, count, expires_at).await,
        ("redis", _) => fill_redis(store, count, expires_at).await,
        _ => bail!("a store in memory is filled by signing in"),
    }
}

/// Keys in their order, or pages would be written many times.
async fn fill_sqlite(path: &str, count: u32, expires_at: i64) -> Result<()> {
    let mut database = SqliteConnection::connect(path).await?;
    sqlx::query("PRAGMA cache_size = -1000000")
        .execute(&mut database)
        .await?;
    sqlx::query(
        "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < $1), \
         keys(key) AS MATERIALIZED (SELECT randomblob(16) AS key FROM numbers ORDER BY key) \
         INSERT INTO session_store_2_session (key, sealed, expires_at, version, subject, provider_session) \
         SELECT key, randomblob($2), $3, 0, randomblob(16), randomblob(16) FROM keys",
    )
    .bind(count)
    .bind(i64::try_from(SEALED)?)
    .bind(expires_at)
    .execute(&mut database)
    .await?;
    Ok(())
}

async fn fill_postgres(url: &str, count: u32, expires_at: i64) -> Result<()> {
    let mut database = PgConnection::connect(url).await?;
    sqlx::query(
        "INSERT INTO session_store_2_session (key, sealed, expires_at, version, subject, provider_session) \
         SELECT uuid_send(gen_random_uuid()), decode(repeat(md5(i::text), $2 / 16), 'hex'), $3, 0, \
                uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()) \
         FROM generate_series(1, $1) AS numbers(i)",
    )
    .bind(i32::try_from(count)?)
    .bind(i32::try_from(SEALED)?)
    .bind(expires_at)
    .execute(&mut database)
    .await?;
    sqlx::query("ANALYZE session_store_2_session")
        .execute(&mut database)
        .await?;
    Ok(())
}

/// The fields of `crates/session-store/src/engine/redis.rs`.
async fn fill_redis(url: &str, count: u32, expires_at: i64) -> Result<()> {
    let client = redis::Client::open(url)?;
    // A thousand sessions on a disk take longer than the library waits.
    let patient = AsyncConnectionConfig::new().set_response_timeout(None);
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&patient)
        .await?;
    let members: Vec<u32> = (0..count).collect();
    for batch in members.chunks(BATCH) {
        let mut pipe = redis::pipe();
        for _ in batch {
            let [member, subject, sid] = [(); 3].map(|()| hex::encode(rand::random::<[u8; 16]>()));
            let sets = [
                format!("session-store:2:subject:{subject}"),
                format!("session-store:2:provider-session:{sid}"),
            ];
            let session = format!("session-store:2:session:{member}");
            pipe.hset_multiple(&session, &[("sealed", vec![b'x'; SEALED])])
                .ignore()
                .hset_multiple(&session, &[("expires_at", expires_at), ("version", 0)])
                .ignore()
                .hset_multiple(&session, &[("set1", &sets[0]), ("set2", &sets[1])])
                .ignore()
                .expire_at(&session, expires_at)
                .ignore()
                .zadd("session-store:2:ends", &member, expires_at)
                .ignore();
            for set in &sets {
                pipe.zadd(set, &member, expires_at)
                    .ignore()
                    .expire_at(set, expires_at)
                    .ignore();
            }
        }
        pipe.query_async::<()>(&mut connection).await?;
    }
    Ok(())
}
