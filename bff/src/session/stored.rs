//! Changing a session that other requests and other instances may change at the same time: nobody's change is overwritten.

use super::{
    content::{CONTENT, Content},
    signed_in::SignedIn,
    store::Store,
};
use crate::{config::SessionConfig, error::Error};
use time::Duration;
use tower_sessions::{
    Session, SessionStore,
    session::{self, Id, Record},
};

/// How often at most a visit is written down.
const SLIDE_EVERY: Duration = Duration::MINUTE;

/// Who is signed in, and the record that says so: what is needed to change it without overwriting what another request
/// or another instance changes at the same time.
pub(crate) struct Stored {
    record: Record,
    pub(crate) who: SignedIn,
}

impl Stored {
    /// Loads a session anew; none when it has ended.
    pub(crate) async fn load(
        store: &Store,
        id: &Id,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<Option<Self>, Error> {
        let record = store.load(id).await?;
        Ok(record.and_then(|record| {
            let who = SignedIn::of(Content::of(&record.data)?, now, lifetimes)?;
            Some(Self { record, who })
        }))
    }

    /// The record as it was loaded.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Saves the change; answers whether it was saved. It was not when somebody else changed or ended the session first.
    pub(crate) async fn save(
        mut self,
        store: &Store,
        lifetimes: &SessionConfig,
    ) -> Result<Option<SignedIn>, Error> {
        let content = serde_json::to_value(self.who.to_content()?).map_err(session::Error::from)?;
        self.record.data.insert(CONTENT.to_owned(), content);
        self.record.expiry_date = self.who.times.expiry(lifetimes);
        let is_saved = store.replace(&self.record).await?;
        Ok(is_saved.then_some(self.who))
    }
}

/// Notes a visit, at most once a minute. The browser hears nothing of it: an answer that comes late would bring this session's
/// cookie back over that of a newer sign-in.
pub(crate) async fn slide(
    who: SignedIn,
    session: &Session,
    store: &Store,
    now: i64,
    lifetimes: &SessionConfig,
) -> Result<Option<SignedIn>, Error> {
    let Some(id) = session
        .id()
        .filter(|_| now - who.times.last_seen_at >= SLIDE_EVERY.whole_seconds())
    else {
        return Ok(Some(who));
    };
    let Some(mut stored) = Stored::load(store, &id, now, lifetimes).await? else {
        return Ok(None);
    };
    stored.who.times.last_seen_at = now;
    let seen = stored.save(store, lifetimes).await?;
    // If another request was faster and noted a visit, this one need not; if it did not, the next will.
    Ok(Some(seen.unwrap_or(who)))
}
