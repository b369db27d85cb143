//! A store that keeps what it has acknowledged, and that can be killed and started again where it was.

use super::{Keeping, postgres::Postgres, redis::Redis};
use anyhow::Result;

/// A running store. It ends when this value is dropped, and its data with it.
pub enum DurableStore {
    /// With its log of writes synced at every one.
    Redis(Redis),
    /// As it comes, with `fsync`.
    Postgres(Postgres),
}

impl DurableStore {
    /// Starts a Redis.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub fn redis() -> Result<Self> {
        Redis::start(Keeping::Everything).map(Self::Redis)
    }

    /// Starts a PostgreSQL.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub fn postgres() -> Result<Self> {
        Postgres::start(Keeping::Everything).map(Self::Postgres)
    }

    /// What the bff knows as `SESSION_STORE`.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Redis(redis) => redis.url(),
            Self::Postgres(postgres) => postgres.url(),
        }
    }

    /// Kills the server with KILL; a PostgreSQL's processes in groups of their own see that and end by themselves.
    pub fn kill(&mut self) {
        match self {
            Self::Redis(redis) => redis.kill(),
            Self::Postgres(postgres) => postgres.kill(),
        }
    }

    /// Starts the server again on the same data and port, and waits until it answers.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        match self {
            Self::Redis(redis) => redis.start_again(),
            Self::Postgres(postgres) => postgres.start_again(),
        }
    }
}
