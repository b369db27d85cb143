//! Why the database returned nothing.

/// Why an operation failed. The text is for the log: it names no session and no content, because content is sealed and
/// bound as a parameter.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// SQLite or PostgreSQL failed.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// Redis failed.
    #[error(transparent)]
    Redis(#[from] redis::RedisError),
    /// The database's file or folder cannot be created.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A value of the session is not JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// There was no result in time.
    #[error("it did not answer in time")]
    TimedOut,
    /// There is a session under the id of a new one.
    #[error("there is a session under this id")]
    Exists,
    /// PostgreSQL lacks what the store needs. The text says what to do.
    #[error("{0}")]
    Unfit(String),
    /// Other writers changed the session again and again.
    #[error("other requests changed the session at the same time, again and again")]
    Contended,
}

impl From<Error> for tower_sessions::session_store::Error {
    fn from(error: Error) -> Self {
        Self::Backend(error.to_string())
    }
}
