//! Where sessions are kept, as one line of text.

use redis::IntoConnectionInfo;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use std::{path::PathBuf, str::FromStr};

/// The address of a database: `memory:`, `sqlite:PATH`, `postgres://…` or `redis://…`.
#[derive(Clone, Debug)]
pub enum Address {
    /// In this process. The sessions end with it.
    Memory,
    /// A SQLite database on this machine. The file and its folder are created if they do not exist.
    Sqlite(PathBuf),
    /// A PostgreSQL database that several processes may share. Its address may hold a password.
    Postgres(SecretString),
    /// A Redis that several processes may share. Its address may hold a password.
    Redis(SecretString),
}

/// The text is not the address of a database. The message repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0)]
pub struct AddressError(&'static str);

impl AddressError {
    const POSTGRES: Self =
        Self("is not an address such as postgres://user:password@host:5432/database");
    const REDIS: Self = Self("is not an address such as redis://user:password@host:6379/0");
    const UNKNOWN: Self = Self("must be memory:, sqlite:PATH, postgres://… or redis://…");

    /// The message. It completes a sentence that begins with the name of the setting.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => PgConnectOptions::from_str(text)
                .map(|_| Self::Postgres(text.into()))
                .map_err(|_| AddressError::POSTGRES),
            Some(("redis" | "rediss", _)) => text
                .into_connection_info()
                .map(|_| Self::Redis(text.into()))
                .map_err(|_| AddressError::REDIS),
            _ => Err(AddressError::UNKNOWN),
        }
    }
}
