//! The person who is signed in, and the tokens that the provider issued: one value of a session.

use super::times::{AccessTokenTimes, Times};
use crate::config::SessionConfig;
use oidc_rp::{IdentityTokens, RefreshedTokens, TokenTarget};
use openidconnect::{AccessToken, RefreshToken, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use session_store::StoredSession;
use shared::{AuthStatus, Claims, Device, SessionInfo};
use std::fmt;

/// The name of this value in a session. Every other name belongs to the application.
pub(crate) const SIGNED_IN: &str = "signed_in";

/// How many access tokens for APIs a session keeps.
const MOST_API_TOKENS: usize = 16;

/// A person who is signed in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) claims: Claims,
    /// What the access token allows.
    pub(crate) scopes: Vec<Scope>,
    /// Access tokens for APIs, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    api_tokens: Vec<ApiToken>,
    pub(crate) times: Times,
    /// The provider's session, for back-channel logout.
    pub(crate) sid: Option<String>,
    device: Device,
    pub(crate) access_token: AccessToken,
    /// `None` if the provider did not say how long the access token lives.
    access_token_times: Option<AccessTokenTimes>,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: IdTokenHint,
}

/// An access token for an API, an organization or both.
#[derive(Clone, Serialize, Deserialize)]
struct ApiToken {
    target: TokenTarget,
    token: AccessToken,
    times: Option<AccessTokenTimes>,
    scopes: Vec<Scope>,
}

/// The ID token as it came, to name the session at the provider's end session endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct IdTokenHint(pub(crate) String);

impl fmt::Debug for IdTokenHint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdTokenHint([redacted])")
    }
}

impl SignedIn {
    /// Signed in at `now` with what the provider issued.
    pub(super) fn new(
        tokens: IdentityTokens,
        device: Device,
        now: i64,
        lifetimes: &SessionConfig,
    ) -> Self {
        Self {
            claims: tokens.identity.claims,
            scopes: tokens.scopes,
            api_tokens: Vec::new(),
            times: Times::begin(now, tokens.refresh_token.is_some(), lifetimes),
            sid: tokens.identity.sid,
            device,
            access_token: tokens.access_token,
            access_token_times: tokens
                .expires_in
                .map(|life| AccessTokenTimes::of(now, life)),
            refresh_token: tokens.refresh_token,
            id_token: IdTokenHint(tokens.identity.id_token),
        }
    }

    /// Reads the value out of a stored session.
    pub(super) fn of(stored: &StoredSession) -> Option<Self> {
        let mut who = Self::deserialize(stored.data.get(SIGNED_IN)?).ok()?;
        who.times.set_row_expires_at(stored.expires_at);
        Some(who)
    }

    /// The value as it is stored.
    pub(super) fn to_value(&self) -> Result<Value, session_store::Error> {
        Ok(serde_json::to_value(self)?)
    }

    /// Puts the value into a session that is to be written. The session's other values stay.
    pub(super) fn store_in(&self, stored: &mut StoredSession) -> Result<(), session_store::Error> {
        stored.data.insert(SIGNED_IN.to_owned(), self.to_value()?);
        Ok(())
    }

    /// The access token of a target, and what it allows. `None` if none was fetched yet.
    pub(crate) fn token(&self, target: &TokenTarget) -> Option<(&AccessToken, &[Scope])> {
        let (token, _, scopes) = self.granted(target)?;
        Some((token, scopes))
    }

    fn granted(
        &self,
        target: &TokenTarget,
    ) -> Option<(&AccessToken, Option<AccessTokenTimes>, &[Scope])> {
        if target.is_provider() {
            return Some((&self.access_token, self.access_token_times, &self.scopes));
        }
        let granted = self.api_tokens.iter().find(|each| each.target == *target)?;
        Some((&granted.token, granted.times, &granted.scopes))
    }

    /// Whether the access token of a target is missing, has expired or expires soon.
    pub(crate) fn needs_renewal(&self, target: &TokenTarget, now: i64) -> bool {
        self.granted(target)
            .is_none_or(|(_, times, _)| times.is_some_and(|times| times.is_to_be_renewed(now)))
    }

    /// Whether the access token of a target has not expired, as far as the provider said.
    pub(crate) fn has_live_token(&self, target: &TokenTarget, now: i64) -> bool {
        self.granted(target)
            .is_some_and(|(_, times, _)| times.is_none_or(|times| times.is_alive(now)))
    }

    /// Whether the access token of a target was issued a moment ago.
    pub(crate) fn has_new_token(&self, target: &TokenTarget, now: i64) -> bool {
        self.granted(target)
            .is_some_and(|(_, times, _)| times.is_some_and(|times| times.is_new(now)))
    }

    /// Takes a refresh token that came in place of the used one, and nothing else of the response.
    pub(crate) fn keep(&mut self, next: &RefreshToken, now: i64) {
        if self.refresh_token.as_ref().map(RefreshToken::secret) != Some(next.secret()) {
            self.times.refresh_token_since = Some(now);
        }
        self.refresh_token = Some(next.clone());
    }

    /// Takes the response to a refresh. The claims follow the newest ID token; the provider's session (`sid`) stays the
    /// one that the sign-in began in. A refresh is no visit: the session's expiry stays.
    pub(crate) fn renew(&mut self, target: &TokenTarget, tokens: &RefreshedTokens, now: i64) {
        if let Some(next) = &tokens.refresh_token {
            self.keep(next, now);
        }
        if let Some(identity) = &tokens.identity {
            let before = self.facts();
            self.claims = identity.claims.clone();
            self.id_token = IdTokenHint(identity.id_token.clone());
            if self.facts() != before {
                // Roles may have changed, and with them what the tokens allow.
                self.api_tokens.clear();
            }
        }
        let times = tokens
            .expires_in
            .map(|life| AccessTokenTimes::of(now, life));
        if target.is_provider() {
            self.access_token = tokens.access_token.clone();
            self.access_token_times = times;
            if let Some(scopes) = &tokens.scopes {
                self.scopes.clone_from(scopes);
            }
            return;
        }
        self.api_tokens.retain(|each| each.target != *target);
        if self.api_tokens.len() == MOST_API_TOKENS {
            self.api_tokens.remove(0);
        }
        self.api_tokens.push(ApiToken {
            target: target.clone(),
            token: tokens.access_token.clone(),
            times,
            scopes: tokens.scopes.clone().unwrap_or_default(),
        });
    }

    /// What open pages have to know again when it changes: not the times of the ID token, which are others after each refresh.
    pub(crate) fn facts(&self) -> (Claims, Vec<Scope>) {
        let claims = Claims {
            iat: None,
            exp: None,
            ..self.claims.clone()
        };
        (claims, self.scopes.clone())
    }

    /// What the browser may know.
    pub(crate) fn status(self, now: i64, lifetimes: &SessionConfig) -> AuthStatus {
        let scopes = self.scopes.into_iter();
        AuthStatus::SignedIn {
            session: self.times.remaining(now, lifetimes),
            claims: Box::new(self.claims),
            scopes: scopes.map(|scope| (*scope).clone()).collect(),
        }
    }

    /// The session in the list of the person's sessions.
    pub(crate) fn info(self, id: String, is_current: bool, now: i64) -> SessionInfo {
        SessionInfo {
            id,
            created_at: self.times.since,
            // Another instance's clock may be ahead.
            last_seen_at: self.times.last_seen_at.min(now),
            device: self.device,
            is_current,
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

    /// Signed in at this moment with the tokens `first` and `old`.
    fn signed_in(now: i64) -> SignedIn {
        let lifetimes = SessionConfig {
            store: session_store::Address::Memory,
            idle: time::Duration::DAY,
            lifetime: time::Duration::WEEK,
            refresh_token_lifetime: time::Duration::WEEK,
        };
        SignedIn {
            claims: Claims::default(),
            scopes: Vec::new(),
            api_tokens: Vec::new(),
            times: Times::begin(now, true, &lifetimes),
            sid: None,
            device: Device::default(),
            access_token: AccessToken::new("first".to_owned()),
            access_token_times: None,
            refresh_token: Some(RefreshToken::new("old".to_owned())),
            id_token: IdTokenHint("id-token".to_owned()),
        }
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
        let mut who = signed_in(1_000);
        for (given, kept, since) in [
            (None, "old", 1_000),
            (Some("old"), "old", 1_000),
            (Some("new"), "new", 2_000),
        ] {
            who.renew(&TokenTarget::default(), &refreshed(given), 2_000);
            assert_eq!(who.access_token.secret(), "next");
            assert_eq!(who.refresh_token.as_ref().unwrap().secret(), kept);
            assert_eq!(who.times.refresh_token_since, Some(since), "{given:?}");
        }
    }

    #[test]
    fn tokens_of_apis_are_kept_apart_and_the_oldest_goes() {
        let target = |number: usize| TokenTarget {
            resource: Some(format!("https://api-{number}.example")),
            organization: None,
        };
        let mut who = signed_in(1_000);
        assert!(who.needs_renewal(&target(0), 1_000) && who.token(&target(0)).is_none());
        for number in 0..=MOST_API_TOKENS {
            who.renew(&target(number), &refreshed(None), 1_000);
        }
        assert_eq!(who.access_token.secret(), "first");
        assert!(who.token(&target(0)).is_none(), "the oldest");
        let (token, _) = who.token(&target(1)).unwrap();
        assert_eq!(token.secret(), "next");
        assert!(!who.needs_renewal(&target(1), 1_000) && who.needs_renewal(&target(1), 5_000));
        let both = TokenTarget {
            organization: Some("acme".to_owned()),
            ..target(1)
        };
        assert!(who.token(&both).is_none());
    }
}
