//! Sessions in Redis 7 or one of its open forks, shared by several processes.
//!
//! A session is a hash that Redis deletes some minutes after its expiry. The sessions of a group are a set, sorted by their
//! expiry, that lives as long as its longest member, and one more such set has all sessions, to count them. An operation on
//! more than one of these is a script (`redis/scripts.rs`), which Redis runs as one step. The keys of a script depend on
//! what it reads, so a Redis *Cluster* does not work; one server with replicas does.

mod connection;
mod scripts;
mod subscribe;

use super::{
    ENDED_FOR, Engine, Holder, Moment, Result, Row, milliseconds,
    subscription::{OnNotice, Subscription},
};
use crate::key::{Group, Hash, Index, SessionKey};
use async_trait::async_trait;
use connection::Connection;
use redis::{AsyncCommands, Client, IntoConnectionInfo};
use scripts::{DELETE, DELETE_SOME, INSERT, LEASE, MARK_USED, RELEASE, REPLACE, ROWS, TOUCH};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// How long Redis keeps an expired session, for processes whose clocks differ from its own.
const SLACK_SECONDS: i64 = 300;
/// The prefix of the sessions' keys. The rest is the session's hash.
const SESSION: &str = "session-store:2:session:";
/// All sessions by their expiry.
const ENDS: &str = "session-store:2:ends";

/// Sessions of a group that one script deletes.
const BATCH: u16 = 1_000;

/// One connection that all requests share, and one more for notices.
pub(crate) struct Redis {
    connection: Connection,
    channel: String,
    _subscription: Subscription,
}

impl Redis {
    pub(crate) async fn open(url: &SecretString, on_notice: OnNotice) -> Result<Self> {
        let info = url.expose_secret().into_connection_info()?;
        let client = Client::open(connection::noticing_silence(info))?;
        // A channel belongs to the whole server, sessions to one of its databases.
        let channel = format!(
            "session-store:2:notices:{}",
            client.get_connection_info().redis_settings().db()
        );
        let connection = Connection::open(&client).await?;
        let subscribed = subscribe::subscribe(client.clone(), channel.clone()).await?;
        let subscribed_channel = channel.clone();
        Ok(Self {
            connection,
            channel,
            _subscription: Subscription::start(
                subscribed,
                move || subscribe::subscribe(client.clone(), subscribed_channel.clone()),
                move |subscribed| subscribe::receive(subscribed, on_notice.clone()),
            ),
        })
    }
}

fn session(key: &SessionKey) -> String {
    format!("{SESSION}{}", hex::encode(key.0))
}

fn used(value: &Hash) -> String {
    format!("session-store:2:used:{}", hex::encode(value))
}

fn lease(key: &SessionKey) -> String {
    format!("session-store:2:lease:{}", hex::encode(key.0))
}

fn members(group: Group) -> String {
    match group {
        Group::Subject(subject) => format!("session-store:2:subject:{}", hex::encode(subject)),
        Group::ProviderSession(session) => {
            format!("session-store:2:provider-session:{}", hex::encode(session))
        }
    }
}

/// The key of the time at which a group was ended.
fn ended(group: Group) -> String {
    format!("{}:ended", members(group))
}

/// A session in the result of a script: member, sealed content, expiry and version.
type Member = (String, Vec<u8>, i64, i64);

fn keyed_row((member, sealed, expires_at, version): Member) -> Option<(SessionKey, Row)> {
    let key = SessionKey(hex::decode(member).ok()?.try_into().ok()?);
    Some((key, (sealed, expires_at, version).into()))
}

#[async_trait]
impl Engine for Redis {
    async fn insert(&self, key: &SessionKey, row: &Row, index: &Index) -> Result<()> {
        let mut insert = INSERT.key(session(key));
        insert.key(ENDS);
        for group in index.groups() {
            insert.key(members(group));
        }
        insert
            .arg(&row.sealed)
            .arg(row.expires_at)
            .arg(row.expires_at.saturating_add(SLACK_SECONDS))
            .arg(hex::encode(key.0));
        Ok(insert.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn replace(&self, key: &SessionKey, sealed: &[u8], version: i64) -> Result<bool> {
        let mut replace = REPLACE.key(session(key));
        replace.arg(sealed).arg(version);
        Ok(replace.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn touch(&self, key: &SessionKey, expires_at: i64, now: i64) -> Result<bool> {
        let mut touch = TOUCH.key(session(key));
        touch
            .key(ENDS)
            .arg(expires_at)
            .arg(expires_at.saturating_add(SLACK_SECONDS))
            .arg(hex::encode(key.0))
            .arg(now);
        Ok(touch.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn get(&self, key: &SessionKey) -> Result<Option<Row>> {
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

    async fn delete(&self, key: &SessionKey) -> Result<Option<Row>> {
        let mut delete = DELETE.key(session(key));
        delete.key(ENDS).arg(hex::encode(key.0));
        let deleted: Option<(Vec<u8>, i64, i64)> =
            delete.invoke_async(&mut self.connection.clone()).await?;
        Ok(deleted.map(Row::from))
    }

    async fn delete_version(&self, key: &SessionKey, version: i64) -> Result<bool> {
        let mut delete = DELETE.key(session(key));
        delete.key(ENDS).arg(hex::encode(key.0)).arg(version);
        let deleted: Option<(Vec<u8>, i64, i64)> =
            delete.invoke_async(&mut self.connection.clone()).await?;
        Ok(deleted.is_some())
    }

    async fn rows_of(&self, group: Group, most: u16) -> Result<Vec<(SessionKey, Row)>> {
        let mut rows = ROWS.key(members(group));
        rows.arg(SESSION).arg(most);
        let rows: Vec<Member> = rows.invoke_async(&mut self.connection.clone()).await?;
        Ok(rows.into_iter().filter_map(keyed_row).collect())
    }

    /// In batches, each one step: Redis does nothing else while a script runs.
    async fn delete_all_of(&self, group: Group) -> Result<Vec<(SessionKey, Row)>> {
        let mut delete = DELETE_SOME.key(members(group));
        delete
            .key(ENDS)
            .key(ended(group))
            .arg(SESSION)
            .arg(milliseconds(ENDED_FOR))
            .arg(BATCH);
        let mut deleted = Vec::new();
        loop {
            let (rows, are_more): (Vec<Member>, bool) =
                delete.invoke_async(&mut self.connection.clone()).await?;
            deleted.extend(rows.into_iter().filter_map(keyed_row));
            if !are_more {
                return Ok(deleted);
            }
        }
    }

    async fn ended_since(&self, group: Group, moment: Moment) -> Result<bool> {
        let at: Option<Moment> = self.connection.clone().get(ended(group)).await?;
        Ok(at.is_some_and(|at| at >= moment))
    }

    async fn is_used(&self, value: &Hash) -> Result<bool> {
        Ok(self.connection.clone().exists(used(value)).await?)
    }

    async fn mark_used(&self, value: &Hash, expires_at: i64) -> Result<Option<Moment>> {
        let mut mark = MARK_USED.key(used(value));
        mark.arg(expires_at.saturating_add(SLACK_SECONDS));
        Ok(mark.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn lease(&self, key: &SessionKey, holder: &Holder, life: Duration) -> Result<bool> {
        let mut take = LEASE.key(lease(key));
        take.arg(holder.as_slice())
            .arg(u64::try_from(life.as_millis()).unwrap_or(u64::MAX));
        Ok(take.invoke_async(&mut self.connection.clone()).await?)
    }

    async fn release(&self, key: &SessionKey, holder: &Holder) -> Result<()> {
        let mut release = RELEASE.key(lease(key));
        release.arg(holder.as_slice());
        Ok(release.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Redis deletes expired sessions by itself; only the list of all sessions has to be trimmed.
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

    async fn publish(&self, notice: &str) -> Result<()> {
        let mut connection = self.connection.clone();
        Ok(connection.publish(&self.channel, notice).await?)
    }
}
