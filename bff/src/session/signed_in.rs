//! Who is signed in: the one thing that a session holds, and its two ends (idle and absolute).

use crate::{
    config::SessionConfig,
    error::Error,
    oidc::{IdentityTokens, RefreshedTokens},
};
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
/// How long before its end an access token is renewed.
const RENEW_EARLY: i64 = 60;

/// One minute before the end, but not before half of a short life, so that a token of seconds makes no storm.
fn renewal(now: i64, life: i64) -> i64 {
    now + (life - RENEW_EARLY).max((life + 1) / 2)
}

/// A signed-in person.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) claims: Claims,
    /// The provider's session (`sid`), for back-channel logout.
    pub(crate) sid: Option<String>,
    pub(crate) id_token: IdTokenHint,
    pub(crate) access_token: AccessToken,
    /// When the access token should be renewed, in seconds since 1970; never, when the provider did not say how long it lives.
    #[serde(default)]
    renew_at: Option<i64>,
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
            claims: tokens.identity.claims,
            sid: tokens.identity.sid,
            id_token: IdTokenHint(tokens.identity.id_token),
            access_token: tokens.access_token,
            renew_at: tokens.expires_in.map(|life| renewal(now, life)),
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

    /// Whether the access token has expired or is about to.
    pub(crate) fn needs_renewal(&self, now: i64) -> bool {
        self.renew_at.is_some_and(|renew_at| now >= renew_at)
    }

    /// Takes what a refresh brought. The claims follow the newest ID token; the provider's session (`sid`) stays the one
    /// that the sign-in began in. This is no visit: the session does not slide.
    pub(crate) async fn renew(
        &mut self,
        session: &Session,
        tokens: RefreshedTokens,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<(), Error> {
        self.access_token = tokens.access_token;
        self.renew_at = tokens.expires_in.map(|life| renewal(now, life));
        if let Some(next) = tokens.refresh_token {
            self.refresh_token = Some(next);
        }
        if let Some(identity) = tokens.identity {
            self.claims = identity.claims;
            self.id_token = IdTokenHint(identity.id_token);
        }
        self.save(session, lifetimes).await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_token_is_not_printed() {
        let hint = IdTokenHint("secret".to_owned());
        assert_eq!(format!("{hint:?}"), "IdTokenHint([redacted])");
    }

    #[test]
    fn b167_an_access_token_is_renewed_a_minute_early_and_a_short_one_after_half_its_life() {
        for (life, renewed_after) in [
            (3_600, 3_540),
            (120, 60),
            (90, 45),
            (60, 30),
            (5, 3),
            (1, 1),
        ] {
            assert_eq!(renewal(1_000, life), 1_000 + renewed_after, "{life}");
        }
    }
}
