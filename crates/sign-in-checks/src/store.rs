//! Checks of the session store.

use super::Report;
use clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use session_store::{Address, Data, Index, Keys, Store};
use std::time::{Duration, Instant};
use telemetry::log_text;
use tokio::time::timeout;

const TIMEOUT: Duration = Duration::from_secs(10);
/// Every request of a person who is signed in waits for the store.
const SLOW: Duration = Duration::from_millis(500);

/// Checks the store at this address, with a session that is sealed with these keys.
pub async fn check(address: &Address, keys: Keys, clock: &Clock, report: &mut Report) {
    let stored = timeout(TIMEOUT, store_and_load(address, keys, clock)).await;
    let stored = stored.unwrap_or_else(|_| Err("it did not answer in time".to_owned()));
    report_store(address, stored, report);
    if let Address::Redis(url) = address {
        let info = timeout(TIMEOUT, ask_redis(url)).await.ok().flatten();
        report_redis(&info.unwrap_or_default(), report);
    }
}

/// Writes, reads and deletes a session of nobody.
async fn store_and_load(address: &Address, keys: Keys, clock: &Clock) -> Result<Duration, String> {
    let opened = Store::open(address, keys, "doctor", clock.clone()).await;
    let store = opened.map_err(log_text::cause)?;
    let begun = Instant::now();
    let id = store
        .insert(&Data::new(), &Index::default(), clock.unix() + 60)
        .await
        .map_err(log_text::cause)?;
    let loaded = store.load(&id).await;
    let deleted = store.end(&id, &serde_json::Value::Null).await;
    deleted.map_err(log_text::cause)?;
    match loaded.map_err(log_text::cause)? {
        Some(_) => Ok(begun.elapsed()),
        None => Err("what was written was not there".to_owned()),
    }
}

fn report_store(store: &Address, stored: Result<Duration, String>, report: &mut Report) {
    let check = "session store";
    let found = |took: Duration| format!("written, read and deleted in {} ms", took.as_millis());
    match stored {
        Err(cause) => report.wrong(
            check,
            cause,
            "start the server that SESSION_STORE names, or mend its address, account and rights; the folder of a SQLite file must be writable",
        ),
        Ok(_) if matches!(store, Address::Memory) => report.warn(
            check,
            "sessions are in memory and end with this process",
            "set SESSION_STORE to sqlite:PATH for one instance, or to postgres://… or redis://… for several",
        ),
        Ok(took) if took > SLOW => report.warn(
            check,
            found(took),
            "move the store nearer to this machine, or look at its load",
        ),
        Ok(took) => report.fine(check, found(took)),
    }
}

/// The answer to INFO, which a managed Redis may refuse.
async fn ask_redis(url: &SecretString) -> Option<String> {
    let client = redis::Client::open(url.expose_secret()).ok()?;
    let mut connection = client.get_multiplexed_async_connection().await.ok()?;
    redis::cmd("INFO").query_async(&mut connection).await.ok()
}

/// A session that Redis evicts or loses signs a person out.
fn report_redis(info: &str, report: &mut Report) {
    let value_of = |field| {
        let mut fields = info.lines().filter_map(|line| line.split_once(':'));
        fields.find_map(|(name, value)| (name == field).then(|| value.trim()))
    };
    let check = "redis eviction";
    let mend = "set `maxmemory-policy noeviction`: a session that is evicted signs a person out";
    match value_of("maxmemory_policy") {
        Some("noeviction") => report.fine(check, "noeviction"),
        Some(policy) => report.warn(check, format!("maxmemory-policy is {policy}"), mend),
        None => report.warn(check, "it does not say its maxmemory-policy", mend),
    }
    let check = "redis persistence";
    let mend = "set `appendonly yes`: without it a restart of Redis signs people out";
    match value_of("aof_enabled") {
        Some("1") => report.fine(check, "appendonly is on"),
        Some(_) => report.warn(check, "appendonly is off", mend),
        None => report.warn(check, "it does not say whether appendonly is on", mend),
    }
}
