//! The rules about sessions: how a session begins, when it ends, who may change it. The store is `session-store`.

pub(crate) mod abandoned_sign_in;
pub(crate) mod layer;
pub(crate) mod pending_sign_in;
pub(crate) mod refresh;
pub(crate) mod signed_in;
#[cfg(test)]
mod tests;
pub(crate) mod times;

use crate::{
    config::{Config, SessionConfig},
    error::Error,
};
use clock::Clock;
use oidc_rp::IdentityTokens;
use serde_json::Value;
use session_store::{
    Affected, Group, Index, Moment, SessionKey, SessionNames, Store, StoredSession,
};
use shared::{ClaimsChanged, Device, SessionEvent, SignedOut, SignedOutReason};
use signed_in::{SIGNED_IN, SignedIn};
use std::sync::Arc;
use tower_sessions::session::Id;

/// How many sessions of a group are read. A person ends some to see the others.
const MOST: u16 = 100;

/// Opens the store. Its sessions are those of this client of this provider, whatever else is in the database.
pub(crate) async fn open_store(config: &Config, clock: &Clock) -> session_store::Result<Store> {
    let (issuer, client_id) = (&config.provider.issuer, &config.provider.client_id);
    let realm = format!("{} {}", issuer.as_str(), client_id.as_str());
    let keys = config.keys("stored session");
    Store::open(&config.session.store, keys, &realm, clock.clone()).await
}

/// The sessions of this bff: the store, and the rules of when a session ends. Four operations write: a sign-in inserts
/// ([`Sessions::begin`]), a refresh replaces (`refresh.rs`), a visit moves the expiry ([`Sessions::record_visit`]), and the
/// `end` operations delete.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) lifetimes: Arc<SessionConfig>,
}

impl Sessions {
    /// Begins a session for the person that the provider named, and returns its id. `begun` is when the sign-in began: if
    /// the person's sessions were ended since then, this one ends, too.
    pub(crate) async fn begin(
        &self,
        tokens: IdentityTokens,
        device: Device,
        begun: Moment,
    ) -> Result<Id, Error> {
        let signed_in = SignedIn::new(tokens, device, self.clock.unix(), &self.lifetimes);
        let index = signed_in.index();
        let data = [(SIGNED_IN.to_owned(), signed_in.to_value()?)].into();
        let expires_at = signed_in.times.row_expires_at();
        let id = self.store.insert(&data, &index, expires_at).await?;
        // An operation that ended the person's sessions before this insert did not see this session.
        match self.store.ended_since(begun, &index).await {
            Ok(false) => Ok(id),
            ended => {
                self.end(&id, SignedOutReason::SignedOut).await?;
                ended?;
                Err(Error::UnknownSignIn(
                    "the person's sessions were ended since it began",
                ))
            }
        }
    }

    /// The person who is signed in by the session of this id. `None` if it has ended.
    pub(crate) async fn load(&self, id: &Id) -> Result<Option<SignedIn>, Error> {
        let stored = self.store.load(id).await?;
        Ok(stored.and_then(|stored| self.read(&stored)))
    }

    /// The person who is signed in by a stored session. `None` if it has ended, or if another version of this program
    /// wrote it and this version cannot read it.
    pub(crate) fn read(&self, stored: &StoredSession) -> Option<SignedIn> {
        let who = SignedIn::of(stored)?;
        who.times
            .is_alive(self.clock.unix(), &self.lifetimes)
            .then_some(who)
    }

    /// Records a visit, unless the last one was a moment ago: it moves the session's expiry and nothing else. Returns the session after
    /// the visit. The cookie is not set again: its answer could arrive after that of a newer sign-in.
    pub(crate) async fn record_visit(
        &self,
        id: &Id,
        mut who: SignedIn,
    ) -> Result<Option<SignedIn>, Error> {
        let now = self.clock.unix();
        if !who.times.is_visit_due(now, &self.lifetimes) {
            return Ok(Some(who));
        }
        who.times.last_seen_at = now;
        let exists = self.store.touch(id, who.times.row_expires_at());
        Ok(exists.await?.then_some(who))
    }

    /// Ends a session. Returns it as it was at its end.
    pub(crate) async fn end(
        &self,
        session: impl Into<SessionKey>,
        reason: SignedOutReason,
    ) -> Result<Option<SignedIn>, Error> {
        let ended = self.store.end(session, &ended(reason)).await?;
        Ok(ended.and_then(|stored| self.read(&stored)))
    }

    /// Ends the sessions of a group. Returns them as they were at their end.
    pub(crate) async fn end_group(
        &self,
        group: Group,
        reason: SignedOutReason,
    ) -> Result<Vec<SignedIn>, Error> {
        let ended = self.store.end_group(group, &ended(reason)).await?;
        Ok(ended
            .iter()
            .filter_map(|stored| self.read(stored))
            .collect())
    }

    /// Ends the sessions that began in the provider's session `sid`, and those of the person `sub` that may have: they have no
    /// `sid`. Returns whether it did: a `sid` of another person's session ends none.
    pub(crate) async fn end_provider_session(&self, sid: &str, sub: &str) -> Result<bool, Error> {
        let group = Group::provider_session(sid);
        let stored = self.store.sessions_of(group, MOST).await?;
        let mut people = stored.iter().filter_map(SignedIn::of);
        if people.any(|who| who.claims.sub != sub) {
            return Ok(false);
        }
        for group in [group, Group::without_sid(sub)] {
            self.end_group(group, SignedOutReason::Provider).await?;
        }
        Ok(true)
    }

    /// The person's sessions that have not ended, the last visited first. Of very many, not the oldest.
    pub(crate) async fn of_person(&self, sub: &str) -> Result<Vec<(SessionKey, SignedIn)>, Error> {
        let stored = self.store.sessions_of(Group::subject(sub), MOST).await?;
        let theirs = stored.iter().filter_map(|stored| {
            // Only the sealed content proves whose session it is, not the group that the row is filed under.
            let who = self.read(stored).filter(|who| who.claims.sub == sub)?;
            Some((stored.key, who))
        });
        Ok(theirs.collect())
    }

    /// Publishes that a session's claims have changed.
    pub(crate) async fn publish_claims_changed(&self, key: SessionKey) {
        let changed = SessionEvent::ClaimsChanged(ClaimsChanged {});
        let affected = Affected::Session(key);
        self.store.publish(affected, &message(changed)).await;
    }
}

impl SignedIn {
    /// The names of this session in notices.
    pub(crate) fn names(&self, id: &Id) -> SessionNames {
        SessionNames {
            session: id.into(),
            index: self.index(),
        }
    }

    fn index(&self) -> Index {
        Index::new(&self.claims.sub, self.sid.as_deref())
    }
}

fn ended(reason: SignedOutReason) -> Value {
    message(SessionEvent::SignedOut(SignedOut { reason }))
}

/// Notices carry the JSON that open pages receive.
fn message(event: SessionEvent) -> Value {
    serde_json::to_value(event).unwrap_or_default()
}
