//! A Redis of a story's own, for what cannot be done to one that other tests use too.

use super::server::free_port;
use redis::aio::MultiplexedConnection;
use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A running server. It ends with this value.
pub(crate) struct RedisServer {
    pub(crate) address: SocketAddr,
    server: Child,
    _folder: TempDir,
}

impl RedisServer {
    /// None where neither Redis nor Valkey is installed; the shared one may be on another machine.
    pub(crate) async fn start() -> Option<Self> {
        let address = free_port().await.local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let start = |program| {
            Command::new(program)
                .args(["--bind", "127.0.0.1", "--save", ""])
                .args(["--port", &address.port().to_string()])
                .args(["--repl-diskless-sync-delay", "0"])
                .arg("--dir")
                .arg(folder.path())
                .stdout(Stdio::null())
                .spawn()
        };
        let server = start("redis-server").or_else(|_| start("valkey-server"));
        let redis = Self {
            address,
            server: server.ok()?,
            _folder: folder,
        };
        while redis.try_connect().await.is_err() {
            tokio::task::yield_now().await;
        }
        Some(redis)
    }

    async fn try_connect(&self) -> redis::RedisResult<MultiplexedConnection> {
        let client = redis::Client::open(format!("redis://{}", self.address))?;
        client.get_multiplexed_async_connection().await
    }

    /// Begins to copy another one, and from then on refuses to write. Whoever is connected stays so.
    pub(crate) async fn follow(&self, other: &Self) {
        let port = other.address.port().to_string();
        self.replica_of("127.0.0.1", &port).await;
        let mut connection = self.try_connect().await.unwrap();
        let mut info = String::new();
        while !info.contains("master_link_status:up") {
            let asking = redis::cmd("INFO");
            info = asking.query_async(&mut connection).await.unwrap();
        }
    }

    pub(crate) async fn lead(&self) {
        self.replica_of("NO", "ONE").await;
    }

    async fn replica_of(&self, host: &str, port: &str) {
        let mut connection = self.try_connect().await.unwrap();
        let mut command = redis::cmd("REPLICAOF");
        let () = command
            .arg(host)
            .arg(port)
            .query_async(&mut connection)
            .await
            .unwrap();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
