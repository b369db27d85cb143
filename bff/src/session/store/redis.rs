//! Sessions in Redis 7 or one of its open forks: several instances of the bff, one truth.
//!
//! A session is a hash that Redis lets go some minutes after its end. The sessions of a `sub` or a `sid` are a set that
//! lives as long as its longest member, and all sessions by their end are one more, to count them. What touches more
//! than one of these is a script (`redis/scripts.rs`), which Redis runs as one step. The keys of a script depend on what
//! it reads, so a Redis *Cluster* is no place for sessions; one server with replicas is.

mod connection;
mod scripts;
mod subscribe;

use super::{
    engine::{
        ENDED_FOR, Engine, EngineError, Group, Holder, Index, Key, Moment, Row, milliseconds,
    },
    subscription::{Listening, Told},
};
use async_trait::async_trait;
use connection::Connection;
use redis::{AsyncCommands, Client, IntoConnectionInfo};
use scripts::{DELETE, DELETE_ALL, INSERT, LEASE, MARK_USED, RELEASE, REPLACE, ROWS};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

type Result<T> = std::result::Result<T, EngineError>;

/// How long Redis keeps what has ended, for instances whose clocks differ from its own.
const SLACK_SECONDS: i64 = 300;
/// What sessions' keys begin with; the rest is the hash of the id.
const SESSION: &str = "bff:4:session:";
/// All sessions by their end.
const ENDS: &str = "bff:4:ends";

/// One connection that all requests share, and one that listens.
pub(super) struct RedisRows {
    connection: Connection,
    channel: String,
    _listening: Listening,
}

impl RedisRows {
    pub(super) async fn open(url: &SecretString, told: Told) -> Result<Self> {
        let info = url.expose_secret().into_connection_info()?;
        let client = Client::open(connection::noticing_silence(info))?;
        // Servers tell all databases; each has its own sessions.
        let channel = format!(
            "bff:4:notices:{}",
            client.get_connection_info().redis_settings().db()
        );
        let connection = Connection::open(&client).await?;
        let subscribed = subscribe::subscribe(client.clone(), channel.clone()).await?;
        let heard = channel.clone();
        Ok(Self {
            connection,
            channel,
            _listening: Listening::start(
                subscribed,
                move || subscribe::subscribe(client.clone(), heard.clone()),
                move |subscribed| subscribe::hear(subscribed, told.clone()),
            ),
        })
    }
}

fn session(key: &Key) -> String {
    format!("{SESSION}{}", hex::encode(key))
}

fn used(value: &Key) -> String {
    format!("bff:4:used:{}", hex::encode(value))
}

fn lease(key: &Key) -> String {
    format!("bff:4:lease:{}", hex::encode(key))
}

fn members(group: Group) -> String {
    match group {
        Group::Subject(subject) => format!("bff:4:subject:{}", hex::encode(subject)),
        Group::Sid(sid) => format!("bff:4:sid:{}", hex::encode(sid)),
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
