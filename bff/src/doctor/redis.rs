//! What a Redis says of itself. A session that it forgets signs a person out, so it should neither evict nor lose any.

use redis::aio::MultiplexedConnection;
use secrecy::{ExposeSecret, SecretString};
use std::{collections::HashMap, time::Duration};

const PATIENCE: Duration = Duration::from_secs(5);

/// None for what it does not say: a managed Redis may refuse such questions.
#[derive(Default)]
pub(super) struct Says {
    pub(super) eviction: Option<String>,
    pub(super) appends: Option<bool>,
}

pub(super) async fn ask(url: &SecretString) -> Says {
    let answer = tokio::time::timeout(PATIENCE, try_ask(url)).await;
    answer.ok().flatten().unwrap_or_default()
}

async fn try_ask(url: &SecretString) -> Option<Says> {
    let client = redis::Client::open(url.expose_secret()).ok()?;
    let mut connection = client.get_multiplexed_async_connection().await.ok()?;
    let eviction = look_up(
        &mut connection,
        "memory",
        "maxmemory_policy",
        "maxmemory-policy",
    );
    let eviction = eviction.await;
    let appends = look_up(&mut connection, "persistence", "aof_enabled", "appendonly").await;
    Some(Says {
        eviction,
        appends: appends.map(|word| word == "1" || word == "yes"),
    })
}

/// INFO is allowed to more people than CONFIG.
async fn look_up(
    connection: &mut MultiplexedConnection,
    section: &str,
    field: &str,
    setting: &str,
) -> Option<String> {
    let mut info = redis::cmd("INFO");
    let told: Result<String, _> = info.arg(section).query_async(connection).await;
    if let Some(value) = told.ok().and_then(|told| value_of(&told, field)) {
        return Some(value);
    }
    let mut config = redis::cmd("CONFIG");
    let config = config.arg("GET").arg(setting);
    let told: HashMap<String, String> = config.query_async(connection).await.ok()?;
    told.get(setting).cloned()
}

fn value_of(told: &str, field: &str) -> Option<String> {
    let mut lines = told.lines();
    lines.find_map(|line| {
        Some(
            line.strip_prefix(field)?
                .strip_prefix(':')?
                .trim()
                .to_owned(),
        )
    })
}
