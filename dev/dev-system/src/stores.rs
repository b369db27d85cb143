//! Real servers for the tests of the bff's session stores: a Redis and a PostgreSQL, new, empty and thrown away at the
//! end. Those of crash rounds keep what they have acknowledged.

mod durable;
mod postgres;
mod redis;

pub use durable::DurableStore;

use anyhow::Result;
use postgres::Postgres;
use redis::Redis;
use std::{env, path::PathBuf};

/// Where tests find the Redis.
pub const REDIS_URL: &str = "TEST_REDIS_URL";
/// Where tests find the PostgreSQL, with a role that may create databases.
pub const POSTGRES_URL: &str = "TEST_POSTGRES_URL";

/// What a store keeps of its data on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Nothing,
    /// It is on the disk before it is acknowledged.
    Everything,
}

/// The running stores. They end when this value is dropped, and their data with them.
pub struct Stores {
    redis: Option<Redis>,
    postgres: Option<Postgres>,
}

impl Stores {
    /// Starts the stores on free ports of the loopback interface and waits until they answer; where that is possible
    /// without asking anybody, installs them first. One whose variable is set already is somebody's own and not
    /// started.
    ///
    /// # Errors
    /// When one is not installed, or does not start; the text has the last lines of its log.
    pub fn start() -> Result<Self> {
        Self::start_without(|variable| env::var_os(variable).is_some())
    }

    fn start_without(is_set: impl Fn(&str) -> bool) -> Result<Self> {
        Ok(Self {
            redis: (!is_set(REDIS_URL))
                .then(|| Redis::start(Keeping::Nothing))
                .transpose()?,
            postgres: (!is_set(POSTGRES_URL))
                .then(|| Postgres::start(Keeping::Nothing))
                .transpose()?,
        })
    }

    /// What a program needs in its environment to find the stores that were started.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let redis = self.redis.as_ref().map(|redis| (REDIS_URL, redis.url()));
        let postgres = self.postgres.as_ref();
        let postgres = postgres.map(|postgres| (POSTGRES_URL, postgres.url()));
        redis.into_iter().chain(postgres).collect()
    }

    /// Where the stores that were started write what they have to say, as long as they run.
    #[must_use]
    pub fn logs(&self) -> Vec<PathBuf> {
        let redis = self.redis.as_ref().map(Redis::log);
        let postgres = self.postgres.as_ref().map(Postgres::log);
        redis.into_iter().chain(postgres).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

    /// PostgreSQL's `SSLRequest` (its manual, "Message Formats").
    const SSL_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

    fn answer<const LENGTH: usize>(connection: &mut TcpStream, question: &[u8]) -> [u8; LENGTH] {
        connection.write_all(question).unwrap();
        let mut answer = [0; LENGTH];
        connection.read_exact(&mut answer).unwrap();
        answer
    }

    #[test]
    fn both_stores_answer_and_are_gone_with_their_data_after_drop() {
        if let Some(missing) = redis::find().err().or(postgres::Installed::find().err()) {
            // `cargo xtask test` has them, unless somebody brings servers of their own.
            eprintln!("NOT CHECKED: {missing}");
            return;
        }
        let stores = Stores::start_without(|_| false).unwrap();
        let [redis, postgres] = &stores.variables()[..] else {
            panic!("{:?}", stores.variables());
        };
        assert_eq!(
            [redis.0, postgres.0],
            ["TEST_REDIS_URL", "TEST_POSTGRES_URL"]
        );
        let redis = redis.1.strip_prefix("redis://").unwrap();
        let postgres = postgres.1.strip_prefix("postgres://bff:bff@").unwrap();
        let addresses = [redis, postgres.strip_suffix("/bff").unwrap()].map(str::to_owned);
        let logs = stores.logs();
        let mut connections = addresses
            .each_ref()
            .map(|address| TcpStream::connect(address).unwrap());
        assert_eq!(answer(&mut connections[0], b"PING\r\n"), *b"+PONG");
        assert_eq!(answer(&mut connections[1], SSL_REQUEST), *b"N");
        assert!(logs.len() == 2 && logs.iter().all(|log| log.is_file()));

        drop(stores); // although two clients are still connected

        for address in addresses {
            assert!(TcpStream::connect(&address).is_err(), "{address}");
        }
        assert!(logs.iter().all(|log| !log.parent().unwrap().exists()));
    }

    #[test]
    fn a_store_that_somebody_brings_is_not_started() {
        let stores = Stores::start_without(|_| true).unwrap();
        assert_eq!(stores.variables(), []);
    }
}
