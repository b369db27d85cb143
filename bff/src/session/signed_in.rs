//! Who is signed in: the one thing that a session holds, and its two ends (idle and absolute).

use crate::{config::SessionConfig, error::Error, oidc::IdentityTokens};
use openidconnect::{AccessToken, RefreshToken};
use serde::{Deserialize, Serialize};
use shared::{AuthStatus, Claims, SessionTimes};
use std::{collections::HashMap, fmt};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Expiry, Session, session};

/// The only key in a session's data.
const KEY: &str = "signed_in";
/// How often at most a visit is written down.
const SLIDE_EVERY: Duration = Duration::MINUTE;

/// A signed-in person.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) claims: Claims,
    /// The provider's session (`sid`), for back-channel logout.
    pub(crate) sid: Option<String>,
    pub(crate) id_token: IdTokenHint,
    pub(crate) access_token: AccessToken,
    pub(crate) refresh_token: Option<RefreshToken>,
    /// When the sign-in was, in seconds since 1970.
    pub(crate) since: i64,
    /// The last visit that was written down, in seconds since 1970.
    pub(crate) last_seen_at: i64,
}

/// A claim in a session's data by its place, for a store that keeps an index.
pub(super) fn claim_of<'a>(
    data: &'a HashMap<String, serde_json::Value>,
    place: &str,
) -> Option<&'a str> {
    data.get(KEY)?.pointer(place)?.as_str()
}

/// The ID token as it came, to name the session at the provider's end session endpoint.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct IdTokenHint(pub(crate) String);

impl fmt::Debug for IdTokenHint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdTokenHint([redacted])")
    }
}

impl SignedIn {
    /// Begins a session with a new id; one that the browser brought is ended. Saved at once, for the
    /// middleware would not save if the answer became a server error.
    pub(crate) async fn begin(
        session: &Session,
        tokens: IdentityTokens,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<(), Error> {
        let signed_in = Self {
            claims: tokens.claims,
            sid: tokens.sid,
            id_token: IdTokenHint(tokens.id_token),
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            since: now,
            last_seen_at: now,
        };
        session.cycle_id().await?;
        let saved = signed_in.save(session, lifetimes).await;
        if saved.is_err() {
            // Else the middleware would save once more, and sign in a person who was told that it failed.
            session.clear().await;
        }
        saved
    }

    /// Who is signed in, if anybody. Reading does not slide the session. What another version of this program
    /// wrote and this one cannot read is as good as absent.
    pub(crate) async fn load(
        session: &Session,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<Option<Self>, Error> {
        let signed_in: Option<Self> = match session.get(KEY).await {
            Err(session::Error::SerdeJson(_)) => None,
            read => read?,
        };
        Ok(signed_in.filter(|who| now < who.ends_at(lifetimes).unix_timestamp()))
    }

    /// Notes a visit, at most once a minute.
    pub(crate) async fn slide(
        &mut self,
        session: &Session,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<(), Error> {
        if now - self.last_seen_at >= SLIDE_EVERY.whole_seconds() {
            self.last_seen_at = now;
            self.save(session, lifetimes).await?;
        }
        Ok(())
    }

    async fn save(&self, session: &Session, lifetimes: &SessionConfig) -> Result<(), Error> {
        session.insert(KEY, self).await?;
        session.set_expiry(Some(Expiry::AtDateTime(self.ends_at(lifetimes))));
        session.save().await?;
        Ok(())
    }

    /// The end: idle or absolute, whichever is first.
    fn ends_at(&self, lifetimes: &SessionConfig) -> OffsetDateTime {
        let absolute = self.since + lifetimes.lifetime.whole_seconds();
        let idle = self.last_seen_at + lifetimes.idle.whole_seconds();
        OffsetDateTime::from_unix_timestamp(absolute.min(idle))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// What the browser may know.
    pub(crate) fn status(self, now: i64, lifetimes: &SessionConfig) -> AuthStatus {
        let expires_in = self.since + lifetimes.lifetime.whole_seconds() - now;
        let idle_expires_in = self.ends_at(lifetimes).unix_timestamp() - now;
        AuthStatus::SignedIn {
            claims: Box::new(self.claims),
            session: SessionTimes {
                expires_in,
                idle_expires_in,
            },
        }
    }
}
