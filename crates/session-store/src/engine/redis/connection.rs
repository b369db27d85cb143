//! The connection that all requests share, and how it is replaced.
//!
//! The client reconnects by itself when a connection breaks. It keeps a silent connection, because to it a time-out
//! is no broken connection, and it keeps a connection to a server that became a replica. Both are replaced here.

use redis::{
    Client, Cmd, ConnectionInfo, Pipeline, RedisError, RedisFuture, RedisResult, ServerErrorKind,
    Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
    io::tcp::{TcpSettings, socket2::TcpKeepalive},
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// The shortest time between two replacements: a server that stays bad does not get a new connection with every request.
const REPLACE_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Lets the operating system notice within about 15 seconds that the other machine is gone.
pub(super) fn noticing_silence(info: ConnectionInfo) -> ConnectionInfo {
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_secs(10))
        .with_interval(Duration::from_secs(5))
        .with_retries(2);
    let settings = TcpSettings::default().set_keepalive(keepalive);
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(Duration::from_secs(5));
    info.set_tcp_settings(settings)
}

/// A connection that is shared and can be replaced.
#[derive(Clone)]
pub(super) struct Connection(Arc<Shared>);

struct Shared {
    client: Client,
    current: RwLock<Current>,
}

#[derive(Clone)]
struct Current {
    manager: ConnectionManager,
    since: Instant,
}

impl Connection {
    pub(super) async fn open(client: &Client) -> RedisResult<Self> {
        let manager = ConnectionManager::new_with_config(client.clone(), config()).await?;
        Ok(Self(Arc::new(Shared {
            client: client.clone(),
            current: RwLock::new(Current::of(manager)),
        })))
    }

    fn current(&self) -> Current {
        let current = self.0.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the connection if this error is a reason to, unless another request has replaced it.
    fn replace_if_bad<T>(&self, asked: &Current, answer: &RedisResult<T>) {
        let Some(why) = answer.as_ref().err().and_then(reason_to_replace) else {
            return;
        };
        let mut current = self
            .0
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if current.since != asked.since || current.since.elapsed() < REPLACE_AT_MOST_EVERY {
            return;
        }
        // This does not connect yet. The next request does, for all.
        let next = ConnectionManager::new_lazy_with_config(self.0.client.clone(), config());
        if let Ok(manager) = next {
            *current = Current::of(manager);
            tracing::warn!(event = "store.connection_replaced", cause = why);
        }
    }
}

impl Current {
    fn of(manager: ConnectionManager) -> Self {
        Self {
            manager,
            since: Instant::now(),
        }
    }
}

fn config() -> ConnectionManagerConfig {
    ConnectionManagerConfig::new()
        .set_connection_timeout(Some(Duration::from_secs(2)))
        .set_response_timeout(Some(Duration::from_secs(4)))
        .set_min_delay(Duration::from_millis(100))
        .set_max_delay(Duration::from_secs(1))
}

/// Why a new connection to the same address may work better.
fn reason_to_replace(error: &RedisError) -> Option<&'static str> {
    use redis::ErrorKind::Server;
    match error.kind() {
        _ if error.is_timeout() => Some("it did not answer in time"),
        Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown) => {
            Some("the server has become a replica")
        }
        _ => None,
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async {
            let mut asked = self.current();
            let answer = asked.manager.send_packed_command(command).await;
            let answer = answer.and_then(Value::extract_error);
            self.replace_if_bad(&asked, &answer);
            answer
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            let mut asked = self.current();
            let answer = asked
                .manager
                .send_packed_commands(commands, offset, count)
                .await;
            self.replace_if_bad(&asked, &answer);
            answer
        })
    }

    fn get_db(&self) -> i64 {
        self.0.client.get_connection_info().redis_settings().db()
    }
}
