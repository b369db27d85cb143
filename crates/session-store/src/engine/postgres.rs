//! Sessions in PostgreSQL, shared by several processes.

mod schema;
mod subscribe;

use super::{
    ENDED_FOR, Holder, Moment, Result, Row,
    sql::sql_engine,
    subscription::{OnNotice, Subscription},
};
use crate::key::{Group, Hash, Index, SessionKey};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;
use tokio::time::timeout;

/// Connections that all requests share.
const CONNECTIONS: u32 = 10;
/// The channel of the notices.
const CHANNEL: &str = "session_store_1";
/// How long a connection may take to answer a ping. The library itself waits as long as TCP does: a quarter of an hour when
/// the other machine disappears, and meanwhile the connection occupies a slot of the pool.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// A connection that was used within this time is not pinged before its next use, so an operation is one round trip.
const PING_AFTER: Duration = Duration::from_secs(1);

/// A pool of connections, and one more connection for notices.
pub(crate) struct Postgres {
    pool: PgPool,
    _subscription: Subscription,
}

sql_engine!(
    Postgres,
    "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
);

impl Postgres {
    /// Connects, and creates the tables if they do not exist.
    pub(crate) async fn open(url: &SecretString, on_notice: OnNotice) -> Result<Self> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        // First, because a pooler that does not suit makes other statements fail at random.
        let subscribed = subscribe::subscribe_and_check(&options).await?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(|connection, _| Box::pin(greet(connection)))
            // Instead of the library's own ping, which has no time-out.
            .test_before_acquire(false)
            .before_acquire(|connection, seen| {
                Box::pin(
                    async move { Ok(seen.idle_for < PING_AFTER || is_there(connection).await?) },
                )
            })
            // The library pings once more when a connection comes back, also without a time-out: after a statement that
            // was abandoned the connection is often silent.
            .after_release(|connection, _| Box::pin(is_there(connection)))
            .connect_with(options.clone())
            .await?;
        schema::prepare(&pool).await?;
        Ok(Self {
            pool,
            _subscription: Subscription::start(
                subscribed,
                move || subscribe::subscribe(options.clone()),
                move |subscribed| subscribe::receive(subscribed, on_notice.clone()),
            ),
        })
    }

    async fn notify(&self, notice: &str) -> Result<()> {
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(notice)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Prepares a new connection: bounds how long a statement may take, because nobody waits longer and an abandoned statement
/// goes on in the server. Refuses a standby: it was the primary a moment ago, and it takes no sign-in and no sign-out.
async fn greet(connection: &mut PgConnection) -> sqlx::Result<()> {
    let only_reads: bool = sqlx::query_scalar(
        "SELECT pg_is_in_recovery() FROM set_config('statement_timeout', '6s', false)",
    )
    .fetch_one(connection)
    .await?;
    if only_reads {
        let cause = "this PostgreSQL is a standby: it only reads";
        return Err(sqlx::Error::Configuration(cause.into()));
    }
    Ok(())
}

/// Fails for a connection that is broken or silent. The pool then drops it and opens another one.
async fn is_there(connection: &mut PgConnection) -> sqlx::Result<bool> {
    timeout(PING_TIMEOUT, connection.ping())
        .await
        .map_err(std::io::Error::from)??;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{super::Engine, *};
    use crate::fresh_database::Kind;
    use std::sync::Arc;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    #[tokio::test]
    async fn the_server_bounds_how_long_a_statement_may_take() {
        let url = Kind::Postgres.fresh("".as_ref()).await.into();
        let postgres = Postgres::open(&url, Arc::new(|_| {})).await.unwrap();
        let bound: String = sqlx::query_scalar("SHOW statement_timeout")
            .fetch_one(&postgres.pool)
            .await
            .unwrap();
        assert_eq!(bound, "6s");
    }

    async fn cause_of(url: String) -> String {
        let opened = Postgres::open(&url.into(), Arc::new(|_| {})).await;
        opened.err().expect("a refusal").to_string()
    }

    /// A pooler in transaction mode gives the server connection that listens to another client: the notice is lost, or it
    /// comes to the connection that sends it.
    #[tokio::test]
    async fn q36_a_pooler_that_loses_what_a_session_arranged_is_refused_by_name() {
        for listens_elsewhere in [false, true] {
            let url: url::Url = Kind::Postgres.fresh("".as_ref()).await.parse().unwrap();
            let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
            let pooler = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut address = url.clone();
            let port = pooler.local_addr().unwrap().port();
            address.set_port(Some(port)).unwrap();
            let pooling = tokio::spawn(async move {
                loop {
                    let (client, _) = pooler.accept().await.unwrap();
                    let server = TcpStream::connect(&server).await.unwrap();
                    tokio::spawn(forget_listen(client, server, listens_elsewhere));
                }
            });
            let cause = cause_of(address.into()).await;
            let named = cause.contains("PgBouncer") && cause.contains("pool_mode = session");
            assert!(named, "{cause}");
            pooling.abort();
        }
    }

    async fn forget_listen(client: TcpStream, server: TcpStream, listens_elsewhere: bool) {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let sending = async {
            let mut bytes = [0; 4_096];
            while let Ok(length @ 1..) = from_client.read(&mut bytes).await {
                let mut sent = bytes[..length].to_vec();
                if let Some(at) = sent.windows(7).position(|word| word == b"LISTEN ") {
                    sent[at..at + 7].copy_from_slice(b"--     ");
                }
                if listens_elsewhere && sent.windows(9).any(|word| word == b"pg_notify") {
                    // A query is `Q`, its length but for that letter, and a text.
                    let query = [b"LISTEN session_store_1; ", &sent[5..]].concat();
                    let length = u32::try_from(query.len() + 4).unwrap().to_be_bytes();
                    sent = [b"Q", length.as_slice(), &query].concat();
                }
                to_server.write_all(&sent).await.unwrap();
            }
        };
        tokio::select! {
            () = sending => {}
            _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        }
    }

    /// An owner can take privileges from itself, so the test needs no second role.
    #[tokio::test]
    async fn q37_a_role_that_may_not_create_tables_needs_only_to_read_and_write_them() {
        let url = Kind::Postgres.fresh("".as_ref()).await;
        let owner = PgPool::connect(&url).await.unwrap();
        let run = async |statement: &str| {
            let statement = sqlx::AssertSqlSafe(statement.to_owned());
            sqlx::raw_sql(statement).execute(&owner).await.unwrap();
        };
        run("CREATE SCHEMA \"of bff\"; REVOKE CREATE ON SCHEMA \"of bff\" FROM CURRENT_USER").await;
        let url = format!("{url}?options=-c%20search_path%3D%22of%5C%20bff%22");
        let grant = async || {
            let cause = cause_of(url.clone()).await;
            cause.split('`').nth(1).expect("a statement").to_owned()
        };
        let create = grant().await;
        assert!(
            create.starts_with("GRANT USAGE, CREATE ON SCHEMA \"of bff\" TO "),
            "{create}"
        );
        run(&create).await;
        let open = async || Postgres::open(&url.clone().into(), Arc::new(|_| {})).await;
        open().await.unwrap();

        run("REVOKE CREATE ON SCHEMA \"of bff\" FROM CURRENT_USER").await;
        let tables = schema::TABLES.map(|table| format!("\"of bff\".{table}"));
        run(&format!("REVOKE INSERT ON {} FROM CURRENT_USER", tables[1])).await;
        let write = grant().await;
        assert!(
            write.starts_with("GRANT SELECT, INSERT, UPDATE, DELETE ON session_store_2_session, "),
            "{write}"
        );
        run(&format!("SET search_path = \"of bff\"; {write}")).await;
        let opened = open().await.unwrap();
        let row = Row::from((b"sealed".to_vec(), 4_000_000_000, 0));
        let (key, index) = (SessionKey([1; 16]), Index::default());
        opened.insert(&key, &row, &index).await.unwrap();
        assert_eq!(opened.sweep(4_000_000_000).await.unwrap(), 1);
    }
}
