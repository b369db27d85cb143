//! Sessions in Redis 7 or one of its open forks: several instances of the bff, one truth.
//!
//! A session is a hash that Redis lets go some minutes after its end. The sessions of a `sub` or a `sid` are a set that
//! lives as long as its longest member, and all sessions by their end are one more, to count them. What touches more
//! than one of these is a script, which Redis runs as one step. The keys of a script depend on what it reads, so a Redis
//! *Cluster* is no place for sessions; one server with replicas is.

use super::{
    engine::{
        ENDED_FOR, Engine, EngineError, Group, Holder, Index, Key, Moment, Row, milliseconds,
    },
    listening::{Listening, Told, failed},
};
use async_trait::async_trait;
use redis::{
    AsyncCommands, Client, IntoConnectionInfo, Script,
    aio::{ConnectionManager, ConnectionManagerConfig, PubSub},
};
use secrecy::{ExposeSecret, SecretString};
use std::{sync::LazyLock, time::Duration};
use tokio_stream::StreamExt;

type Result<T> = std::result::Result<T, EngineError>;

/// How long Redis keeps what has ended, for instances whose clocks differ from its own.
const SLACK_SECONDS: i64 = 300;
/// What sessions' keys begin with; the rest is the hash of the id.
const SESSION: &str = "bff:1:session:";
/// All sessions by their end.
const ENDS: &str = "bff:1:ends";

/// One connection that all requests share, and one that listens.
pub(super) struct RedisRows {
    connection: ConnectionManager,
    channel: String,
    _listening: Listening,
}

impl RedisRows {
    pub(super) async fn open(url: &SecretString, told: Told) -> Result<Self> {
        let client = Client::open(url.expose_secret().into_connection_info()?)?;
        // Servers tell all databases; each has its own sessions.
        let channel = format!(
            "bff:1:notices:{}",
            client.get_connection_info().redis_settings().db()
        );
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(4)))
            .set_min_delay(Duration::from_millis(100))
            .set_max_delay(Duration::from_secs(1));
        let connection = ConnectionManager::new_with_config(client.clone(), config).await?;
        let subscribed = subscribe(&client, &channel).await?;
        let listening = Listening::start(listen(client, channel.clone(), subscribed, told));
        Ok(Self {
            connection,
            channel,
            _listening: listening,
        })
    }
}

async fn subscribe(client: &Client, channel: &str) -> Result<PubSub> {
    let mut subscribed = client.get_async_pubsub().await?;
    subscribed.subscribe(channel).await?;
    Ok(subscribed)
}

/// Hears until the connection breaks, then begins anew.
async fn listen(client: Client, channel: String, mut subscribed: PubSub, told: Told) {
    loop {
        let mut notices = subscribed.into_on_message();
        while let Some(notice) = notices.next().await {
            if let Ok(text) = notice.get_payload::<String>() {
                told(&text);
            }
        }
        subscribed = loop {
            match subscribe(&client, &channel).await {
                Ok(subscribed) => break subscribed,
                Err(cause) => failed(&cause).await,
            }
        };
    }
}

fn session(key: &Key) -> String {
    format!("{SESSION}{}", hex::encode(key))
}

fn used(value: &Key) -> String {
    format!("bff:1:used:{}", hex::encode(value))
}

fn lease(key: &Key) -> String {
    format!("bff:1:lease:{}", hex::encode(key))
}

fn members(group: Group) -> String {
    match group {
        Group::Subject(subject) => format!("bff:1:subject:{}", hex::encode(subject)),
        Group::Sid(sid) => format!("bff:1:sid:{}", hex::encode(sid)),
    }
}

/// When a group was ended.
fn ended(group: Group) -> String {
    format!("{}:ended", members(group))
}

/// What a script tells of a session: member, sealed, end and version.
type Member = (String, Vec<u8>, i64, i64);

fn keyed_row((member, sealed, expires_at, version): Member) -> Option<(Key, Row)> {
    let key = hex::decode(member).ok()?.try_into().ok()?;
    Some((key, (sealed, expires_at, version).into()))
}

/// `KEYS`: the session, `ENDS`, the sets that it belongs to. `ARGV`: sealed, end, end with slack, member.
static INSERT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'expires_at', ARGV[2], 'version', 0)
         redis.call('EXPIREAT', KEYS[1], ARGV[3])
         redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
         for i = 3, #KEYS do
             redis.call('HSET', KEYS[1], 'set' .. i - 2, KEYS[i])
             redis.call('SADD', KEYS[i], ARGV[4])
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'NX')
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'GT')
         end",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: sealed, end, end with slack, member, version.
static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('HGET', KEYS[1], 'version') ~= ARGV[5] then return 0 end
         redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'expires_at', ARGV[2])
         redis.call('HINCRBY', KEYS[1], 'version', 1)
         redis.call('EXPIREAT', KEYS[1], ARGV[3])
         redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then redis.call('EXPIREAT', set, ARGV[3], 'GT') end
         end
         return 1",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: member, and the version that it must have, if any. Answers sealed, end and
/// version of what it deleted.
static DELETE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local row = redis.call('HMGET', KEYS[1], 'sealed', 'expires_at', 'version')
         if not row[1] or (ARGV[2] and row[3] ~= ARGV[2]) then return false end
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then redis.call('SREM', set, ARGV[1]) end
         end
         redis.call('ZREM', KEYS[2], ARGV[1])
         redis.call('DEL', KEYS[1])
         return row",
    )
});

/// `KEYS`: the set, `ENDS`, when the group was ended. `ARGV`: what sessions' keys begin with, milliseconds that the end is
/// remembered. Answers member, sealed, end and version of each that was there.
static DELETE_ALL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         -- A server that is out of memory takes no new session either, and it must still delete.
         redis.pcall('SET', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), 'PX', ARGV[2])
         local rows = {}
         for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
             local session = ARGV[1] .. member
             local row = redis.call('HMGET', session, 'sealed', 'expires_at', 'version')
             if row[1] then table.insert(rows, {member, row[1], row[2], row[3]}) end
             for _, set in ipairs(redis.call('HMGET', session, 'set1', 'set2')) do
                 if set then redis.call('SREM', set, member) end
             end
             redis.call('DEL', session)
             redis.call('ZREM', KEYS[2], member)
         end
         redis.call('DEL', KEYS[1])
         return rows",
    )
});

/// `KEYS`: the one-time value. `ARGV`: until when it is remembered. Answers Redis's time in milliseconds, if it was first.
static MARK_USED: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if not redis.call('SET', KEYS[1], 1, 'NX', 'EXAT', ARGV[1]) then return false end
         local time = redis.call('TIME')
         return time[1] * 1000 + math.floor(time[2] / 1000)",
    )
});

/// `KEYS`: the set. `ARGV`: what sessions' keys begin with. Answers member, sealed, end and version of each that is there.
static ROWS: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local rows = {}
         for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
             local row = redis.call('HMGET', ARGV[1] .. member, 'sealed', 'expires_at', 'version')
             if row[1] then table.insert(rows, {member, row[1], row[2], row[3]}) end
         end
         return rows",
    )
});

/// `KEYS`: the lease. `ARGV`: holder, milliseconds.
static LEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local holder = redis.call('GET', KEYS[1])
         if holder and holder ~= ARGV[1] then return 0 end
         redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
         return 1",
    )
});

/// `KEYS`: the lease. `ARGV`: holder.
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end")
});

#[async_trait]
impl Engine for RedisRows {
    async fn insert(&self, key: &Key, row: &Row, index: &Index) -> Result<()> {
        let mut insert = INSERT.key(session(key));
        insert.key(ENDS);
        for group in index.groups() {
            insert.key(members(group));
        }
        insert
            .arg(&row.sealed)
            .arg(row.expires_at)
            .arg(row.expires_at.saturating_add(SLACK_SECONDS))
            .arg(hex::encode(key));
        Ok(insert.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn replace(&self, key: &Key, row: &Row) -> Result<bool> {
        let mut replace = REPLACE.key(session(key));
        replace
            .key(ENDS)
            .arg(&row.sealed)
            .arg(row.expires_at)
            .arg(row.expires_at.saturating_add(SLACK_SECONDS))
            .arg(hex::encode(key))
            .arg(row.version);
        Ok(replace.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>> {
        type Fields = (Option<Vec<u8>>, Option<i64>, Option<i64>);
        let fields = ["sealed", "expires_at", "version"];
        let read: Fields = self.connection.clone().hmget(session(key), &fields).await?;
        Ok(match read {
            (Some(sealed), Some(expires_at), Some(version)) => {
                Some((sealed, expires_at, version).into())
            }
            _ => None,
        })
    }

    async fn delete(&self, key: &Key) -> Result<Option<Row>> {
        let mut delete = DELETE.key(session(key));
        delete.key(ENDS).arg(hex::encode(key));
        let deleted: Option<(Vec<u8>, i64, i64)> =
            delete.invoke_async(&mut self.connection.clone()).await?;
        Ok(deleted.map(Row::from))
    }

    async fn delete_version(&self, key: &Key, version: i64) -> Result<bool> {
        let mut delete = DELETE.key(session(key));
        delete.key(ENDS).arg(hex::encode(key)).arg(version);
        let deleted: Option<(Vec<u8>, i64, i64)> =
            delete.invoke_async(&mut self.connection.clone()).await?;
        Ok(deleted.is_some())
    }

    async fn rows_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
        let mut rows = ROWS.key(members(group));
        rows.arg(SESSION);
        let rows: Vec<Member> = rows.invoke_async(&mut self.connection.clone()).await?;
        Ok(rows.into_iter().filter_map(keyed_row).collect())
    }

    async fn delete_all_of(&self, group: Group) -> Result<Vec<(Key, Row)>> {
        let mut delete = DELETE_ALL.key(members(group));
        delete
            .key(ENDS)
            .key(ended(group))
            .arg(SESSION)
            .arg(milliseconds(ENDED_FOR));
        let rows: Vec<Member> = delete.invoke_async(&mut self.connection.clone()).await?;
        Ok(rows.into_iter().filter_map(keyed_row).collect())
    }

    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool> {
        let at: Option<Moment> = self.connection.clone().get(ended(group)).await?;
        Ok(at.is_some_and(|at| at >= moment))
    }

    async fn is_used(&self, value: &Key) -> Result<bool> {
        Ok(self.connection.clone().exists(used(value)).await?)
    }

    async fn mark_used(&self, value: &Key, expires_at: i64) -> Result<Option<Moment>> {
        let mut mark = MARK_USED.key(used(value));
        mark.arg(expires_at.saturating_add(SLACK_SECONDS));
        Ok(mark.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn lease(&self, key: &Key, holder: &Holder, life: Duration) -> Result<bool> {
        let mut take = LEASE.key(lease(key));
        take.arg(holder.as_slice())
            .arg(u64::try_from(life.as_millis()).unwrap_or(u64::MAX));
        Ok(take.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn release(&self, key: &Key, holder: &Holder) -> Result<()> {
        let mut release = RELEASE.key(lease(key));
        release.arg(holder.as_slice());
        Ok(release.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Redis lets go by itself what has ended; only the list of ends must be cut.
    async fn sweep(&self, now: i64) -> Result<u64> {
        Ok(self
            .connection
            .clone()
            .zrembyscore(ENDS, "-inf", now)
            .await?)
    }

    async fn count(&self) -> Result<u64> {
        Ok(self.connection.clone().zcard(ENDS).await?)
    }

    async fn tell_others(&self, notice: &str) -> Result<()> {
        let told = self.connection.clone().publish(&self.channel, notice).await;
        Ok(told?)
    }
}
