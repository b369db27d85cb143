//! Who is signed in, and the tokens that the provider gave: what a session holds.

use super::{
    access_token_times::AccessTokenTimes,
    content::{CONTENT, Content},
    store::RECORD_VERSION,
    times::Times,
};
use crate::{config::SessionConfig, error::Error};
use oidc_rp::{IdentityTokens, RefreshedTokens};
use openidconnect::{AccessToken, RefreshToken, Scope};
use serde::{Deserialize, Serialize};
use shared::{AuthStatus, Claims, Device, SessionInfo};
use std::fmt;
use tower_sessions::{Expiry, Session, session};

/// A signed-in person. Its JSON is without the tokens, see [`Content`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) claims: Claims,
    /// What the access token allows.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) times: Times,
    /// The provider's session (`sid`), for back-channel logout.
    pub(crate) sid: Option<String>,
    device: Device,
    #[serde(skip)]
    pub(crate) tokens: Tokens,
}

/// What the provider gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: AccessToken,
    /// None when the provider did not say how long the access token lives.
    access_token_times: Option<AccessTokenTimes>,
    pub(crate) refresh_token: Option<RefreshToken>,
    #[serde(skip)]
    pub(crate) id_token: IdTokenHint,
}

impl Default for Tokens {
    /// Until they are read.
    fn default() -> Self {
        Self {
            access_token: AccessToken::new(String::new()),
            access_token_times: None,
            refresh_token: None,
            id_token: IdTokenHint::default(),
        }
    }
}

/// What of a session's content it is found by.
#[derive(Deserialize)]
pub(super) struct Belongs {
    claims: Subject,
    /// The provider's session.
    pub(super) sid: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    sub: String,
}

impl Belongs {
    pub(super) fn read(content: &Content) -> Option<Self> {
        serde_json::from_str(&content.who).ok()
    }

    pub(super) fn sub(&self) -> &str {
        &self.claims.sub
    }
}

/// The ID token as it came, to name the session at the provider's end session endpoint.
#[derive(Clone, Default)]
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
        device: Device,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<(), Error> {
        let signed_in = Self {
            claims: tokens.identity.claims,
            scopes: tokens.scopes,
            times: Times::begin(now, tokens.refresh_token.is_some()),
            sid: tokens.identity.sid,
            device,
            tokens: Tokens {
                access_token: tokens.access_token,
                access_token_times: tokens
                    .expires_in
                    .map(|life| AccessTokenTimes::of(now, life)),
                refresh_token: tokens.refresh_token,
                id_token: IdTokenHint(tokens.identity.id_token),
            },
        };
        if session.id().is_some() {
            session.cycle_id().await?;
            session.remove_value(RECORD_VERSION).await?;
        }
        session.insert(CONTENT, signed_in.to_content()?).await?;
        session.set_expiry(Some(Expiry::AtDateTime(signed_in.times.expiry(lifetimes))));
        let saved = session.save().await;
        if saved.is_err() {
            // Else the middleware would save once more, and sign in a person who was told that it failed.
            session.clear().await;
        }
        // What was saved has its end. This one is the cookie's, which is set once and for as long as the session may last: when
        // the middleware saves again, the store takes nothing, for this record was never loaded.
        let cookie_ends = signed_in.times.absolute_expiry(lifetimes);
        session.set_expiry(Some(Expiry::AtDateTime(cookie_ends)));
        Ok(saved?)
    }

    /// Who is signed in, if anybody. Reading does not slide the session. What another version of this program
    /// wrote and this one cannot read is as good as absent.
    pub(crate) async fn load(
        session: &Session,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Result<Option<Self>, Error> {
        let content: Option<Content> = session.get(CONTENT).await?;
        Ok(content.and_then(|content| Self::of(content, now, lifetimes)))
    }

    /// Who is signed in by a session's content, as [`SignedIn::load`].
    pub(crate) fn of(content: Content, now: i64, lifetimes: &SessionConfig) -> Option<Self> {
        let mut who: Self = serde_json::from_str(&content.who).ok()?;
        who.tokens = serde_json::from_str(&content.tokens).ok()?;
        who.tokens.id_token = IdTokenHint(content.id_token);
        who.times.is_alive(now, lifetimes).then_some(who)
    }

    /// As it is stored.
    pub(crate) fn to_content(&self) -> Result<Content, session::Error> {
        Ok(Content {
            who: serde_json::to_string(self)?,
            tokens: serde_json::to_string(&self.tokens)?,
            id_token: self.tokens.id_token.0.clone(),
        })
    }

    /// Whether the access token has expired or is about to.
    pub(crate) fn needs_renewal(&self, now: i64) -> bool {
        self.tokens
            .access_token_times
            .is_some_and(|times| times.is_to_be_renewed(now))
    }

    /// Whether the access token works still, as far as the provider said.
    pub(crate) fn has_live_access_token(&self, now: i64) -> bool {
        self.tokens
            .access_token_times
            .is_none_or(|times| times.is_alive(now))
    }

    /// Takes a refresh token that came instead of the one that was used, without anything else that could be used.
    pub(crate) fn keep(&mut self, next: &RefreshToken, now: i64) {
        let is_new =
            self.tokens.refresh_token.as_ref().map(RefreshToken::secret) != Some(next.secret());
        if is_new {
            self.times.refresh_token_since = Some(now);
        }
        self.tokens.refresh_token = Some(next.clone());
    }

    /// Takes what a refresh brought. The claims follow the newest ID token; the provider's session (`sid`) stays the one
    /// that the sign-in began in. This is no visit: the session does not slide.
    pub(crate) fn renew(&mut self, tokens: &RefreshedTokens, now: i64) {
        self.tokens.access_token = tokens.access_token.clone();
        self.tokens.access_token_times = tokens
            .expires_in
            .map(|life| AccessTokenTimes::of(now, life));
        if let Some(next) = &tokens.refresh_token {
            self.keep(next, now);
        }
        if let Some(scopes) = &tokens.scopes {
            self.scopes.clone_from(scopes);
        }
        if let Some(identity) = &tokens.identity {
            self.claims = identity.claims.clone();
            self.tokens.id_token = IdTokenHint(identity.id_token.clone());
        }
    }

    /// What the browser may know.
    pub(crate) fn status(self, now: i64, lifetimes: &SessionConfig) -> AuthStatus {
        AuthStatus::SignedIn {
            session: self.times.remaining(now, lifetimes),
            claims: Box::new(self.claims),
            scopes: self
                .scopes
                .into_iter()
                .map(|scope| (*scope).clone())
                .collect(),
        }
    }

    /// The session in the list of the person's.
    pub(crate) fn info(self, id: String, is_current: bool) -> SessionInfo {
        SessionInfo {
            id,
            created_at: self.times.since,
            last_seen_at: self.times.last_seen_at,
            device: self.device,
            is_current,
        }
    }
}

#[cfg(test)]
impl SignedIn {
    /// Since this moment, with the tokens `first` and `old`.
    pub(crate) fn for_tests(claims: Claims, scopes: &[&str], now: i64) -> Self {
        let scope = |scope: &&str| Scope::new((*scope).to_owned());
        Self {
            claims,
            scopes: scopes.iter().map(scope).collect(),
            times: Times::begin(now, true),
            sid: None,
            device: Device::default(),
            tokens: Tokens {
                access_token: AccessToken::new("first".to_owned()),
                refresh_token: Some(RefreshToken::new("old".to_owned())),
                ..Tokens::default()
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

    fn refreshed(refresh_token: Option<&str>) -> RefreshedTokens {
        RefreshedTokens {
            access_token: AccessToken::new("next".to_owned()),
            expires_in: Some(3_600),
            refresh_token: refresh_token.map(|token| RefreshToken::new(token.to_owned())),
            identity: None,
            scopes: None,
        }
    }

    #[test]
    fn b156_a_refresh_without_a_new_refresh_token_keeps_the_old_one_and_its_age() {
        let mut who = SignedIn::for_tests(Claims::default(), &[], 1_000);
        for (given, kept, since) in [
            (None, "old", 1_000),
            (Some("old"), "old", 1_000),
            (Some("new"), "new", 2_000),
        ] {
            who.renew(&refreshed(given), 2_000);
            assert_eq!(who.tokens.access_token.secret(), "next");
            assert_eq!(who.tokens.refresh_token.as_ref().unwrap().secret(), kept);
            assert_eq!(who.times.refresh_token_since, Some(since), "{given:?}");
        }
    }
}
