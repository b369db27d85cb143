//! For `cargo xtask bench`: the bff's public routes and, beside them, one that answers the same JSON without a session;
//! and `fill`, which puts made-up sessions into a store that a bff has opened before.
//!
//! ```sh
//! bench_server                    # with the settings of the bff
//! bench_server fill STORE COUNT   # STORE as in SESSION_STORE
//! ```

use anyhow::{Context, Result, bail};
use axum::{Json, Router, extract::State, routing::get};
use bff::{AppState, Config, router, serve::connections};
use clock::Clock;
use redis::AsyncConnectionConfig;
use shared::AuthStatus;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Bytes of a session's sealed content, about as many as Logto's tokens make.
const SEALED: usize = 624;
/// Sessions that Redis gets at once.
const BATCH: usize = 1_000;
/// Connections at a time.
const PLACES: usize = 1_024;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => run().await,
        ["fill", store, count] => fill(store, count.parse()?).await,
        _ => bail!("bench_server, or bench_server fill STORE COUNT"),
    }
}

/// What the plain route answers: whatever was put there.
type Plain = Arc<Mutex<Option<AuthStatus>>>;

async fn run() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let config = Config::from_env().map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    let public = TcpListener::bind(config.listen).await?;
    let admin = TcpListener::bind(config.admin_listen).await?;
    let app = AppState::new(config, Clock::system(), PLACES).await?;
    let plain = Router::new()
        .route("/plain", get(show).put(put))
        .with_state(Plain::default());
    let browsers = plain.merge(router::public(&app));
    tokio::join!(
        connections::serve(PLACES, public, browsers, pending()),
        connections::serve(PLACES, admin, router::admin(&app), pending()),
    );
    Ok(())
}

async fn show(State(plain): State<Plain>) -> Json<Option<AuthStatus>> {
    let status = plain.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Json(status)
}

async fn put(State(plain): State<Plain>, Json(status): Json<AuthStatus>) {
    *plain.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
}

async fn fill(store: &str, count: u32) -> Result<()> {
    // So long that none ends while it is measured.
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
         INSERT INTO bff_session_4 (key, sealed, expires_at, version, subject, sid) \
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
        "INSERT INTO bff_session_4 (key, sealed, expires_at, version, subject, sid) \
         SELECT uuid_send(gen_random_uuid()), decode(repeat(md5(i::text), $2 / 16), 'hex'), $3, 0, \
                uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()) \
         FROM generate_series(1, $1) AS numbers(i)",
    )
    .bind(i32::try_from(count)?)
    .bind(i32::try_from(SEALED)?)
    .bind(expires_at)
    .execute(&mut database)
    .await?;
    sqlx::query("ANALYZE bff_session_4")
        .execute(&mut database)
        .await?;
    Ok(())
}

/// The fields of `bff/src/session/store/redis.rs`.
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
                format!("bff:4:subject:{subject}"),
                format!("bff:4:sid:{sid}"),
            ];
            let session = format!("bff:4:session:{member}");
            pipe.hset_multiple(&session, &[("sealed", vec![b'x'; SEALED])])
                .ignore()
                .hset_multiple(&session, &[("expires_at", expires_at), ("version", 0)])
                .ignore()
                .hset_multiple(&session, &[("set1", &sets[0]), ("set2", &sets[1])])
                .ignore()
                .expire_at(&session, expires_at)
                .ignore()
                .zadd("bff:4:ends", &member, expires_at)
                .ignore();
            for set in &sets {
                pipe.sadd(set, &member)
                    .ignore()
                    .expire_at(set, expires_at)
                    .ignore();
            }
        }
        pipe.query_async::<()>(&mut connection).await?;
    }
    Ok(())
}
