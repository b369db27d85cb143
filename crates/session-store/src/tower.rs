//! The store behind tower-sessions' own layer.

use crate::{
    Store,
    key::{Index, SessionKey},
};
use async_trait::async_trait;
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let expires_at = record.expiry_date.unix_timestamp();
        let key = SessionKey::from(&record.id);
        self.insert_as(key, &record.data, &Index::default(), expires_at)
            .await?;
        Ok(())
    }

    /// Changes a session that exists. It never brings back a session that was ended meanwhile: that is an error.
    async fn save(&self, record: &Record) -> Result<()> {
        let exists = self
            .update(&record.id, |data| data.clone_from(&record.data))
            .await?;
        let expires_at = record.expiry_date.unix_timestamp();
        if exists && self.touch(&record.id, expires_at).await? {
            return Ok(());
        }
        let cause = "the session has ended: nothing was saved";
        Err(Error::Backend(cause.to_owned()))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let session = Store::load(self, id).await?;
        Ok(session.and_then(|session| {
            Some(Record {
                id: *id,
                expiry_date: OffsetDateTime::from_unix_timestamp(session.expires_at).ok()?,
                data: session.data,
            })
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.end(id, &Value::Null).await?;
        Ok(())
    }
}
