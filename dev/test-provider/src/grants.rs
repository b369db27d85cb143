//! What the provider has granted, so that it knows what may come back.

use crate::{PERSON, PROVIDER_SESSION, SID, SUB};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use time::OffsetDateTime;

/// An authorization request, by name of the parameter.
pub(crate) type Parameters = HashMap<String, String>;

/// Logto's opaque tokens have so many characters.
const TOKEN_LENGTH: usize = 43;

/// What a person has granted: the authorization request that the person agreed to.
#[derive(Clone)]
pub(crate) struct Grant {
    number: usize,
    pub(crate) request: Parameters,
}

struct RefreshToken {
    grant: Grant,
    exchanged_at: Option<OffsetDateTime>,
}

/// Everything that was handed out. Numbers make it unique.
#[derive(Default)]
pub(crate) struct Grants {
    count: usize,
    codes: HashMap<String, Grant>,
    pushed: HashMap<String, Parameters>,
    refresh_tokens: HashMap<String, RefreshToken>,
    access_tokens: HashMap<String, (Grant, OffsetDateTime)>,
    ended: HashSet<usize>,
    pub(crate) id_tokens: Vec<String>,
    pub(crate) refreshes: u64,
    pub(crate) reuses: u64,
}

impl Grant {
    pub(crate) fn sub(&self) -> &str {
        self.request.get(PERSON).map_or(SUB, String::as_str)
    }

    pub(crate) fn sid(&self) -> &str {
        let sid = self.request.get(PROVIDER_SESSION);
        sid.map_or(SID, String::as_str)
    }

    pub(crate) fn scope(&self) -> &str {
        self.request.get("scope").map_or("", String::as_str)
    }
}

impl Grants {
    pub(crate) fn unique(&mut self, what: &str) -> String {
        self.count += 1;
        let width = TOKEN_LENGTH.saturating_sub(what.len() + 1);
        format!("{what}-{:0>width$}", self.count)
    }

    pub(crate) fn code_for(&mut self, request: Parameters) -> String {
        let code = self.unique("code");
        let number = self.count;
        self.codes.insert(code.clone(), Grant { number, request });
        code
    }

    /// A code works once.
    pub(crate) fn take_code(&mut self, code: &str) -> Option<Grant> {
        self.codes.remove(code)
    }

    pub(crate) fn push(&mut self, request: Parameters) -> String {
        let uri = self.unique("urn:ietf:params:oauth:request_uri:pushed");
        self.pushed.insert(uri.clone(), request);
        uri
    }

    /// A pushed request works once.
    pub(crate) fn take_pushed(&mut self, uri: &str) -> Option<Parameters> {
        self.pushed.remove(uri)
    }

    /// Exchanges a refresh token. One that was exchanged longer than `reuse` ago is taken for a thief's, and its grant ends
    /// (RFC 9700, section 4.14.2).
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        reuse: Duration,
        now: OffsetDateTime,
    ) -> Option<Grant> {
        let known = self.refresh_tokens.get_mut(token)?;
        let exchanged_before = known.exchanged_at.is_some();
        let exchanged_at = *known.exchanged_at.get_or_insert(now);
        if exchanged_before && (reuse.is_zero() || now - exchanged_at > reuse) {
            self.reuses += 1;
            self.ended.insert(known.grant.number);
        }
        if self.ended.contains(&known.grant.number) {
            return None;
        }
        self.refreshes += 1;
        Some(known.grant.clone())
    }

    /// A refresh that ended in a fault has spent nothing.
    pub(crate) fn give_back(&mut self, token: &str) {
        if let Some(known) = self.refresh_tokens.get_mut(token) {
            known.exchanged_at = None;
        }
    }

    /// Ends the grant of a refresh token. Returns whether that was the newest one of its grant.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let Some(known) = self.refresh_tokens.get(token) else {
            return false;
        };
        self.ended.insert(known.grant.number);
        known.exchanged_at.is_none()
    }

    /// The grant of an access token that works; without a time, an expired one works too.
    pub(crate) fn of_access_token(
        &self,
        token: &str,
        now: Option<OffsetDateTime>,
    ) -> Option<&Grant> {
        let (grant, expires_at) = self.access_tokens.get(token)?;
        let is_expired = now.is_some_and(|now| now >= *expires_at);
        (!is_expired && !self.ended.contains(&grant.number)).then_some(grant)
    }

    /// The token endpoint's answer, but for the ID token.
    pub(crate) fn tokens_for(
        &mut self,
        grant: Grant,
        life: Duration,
        now: OffsetDateTime,
    ) -> Value {
        let (access, refresh) = (self.unique("access-token"), self.unique("refresh-token"));
        self.access_tokens
            .insert(access.clone(), (grant.clone(), now + life));
        let exchanged_at = None;
        let token = RefreshToken {
            grant,
            exchanged_at,
        };
        self.refresh_tokens.insert(refresh.clone(), token);
        json!({
            "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
            "expires_in": life.as_secs()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(2);
    const REUSE: Duration = Duration::from_secs(3);

    fn token(tokens: &Value, name: &str) -> String {
        tokens[name].as_str().unwrap().to_owned()
    }

    fn signed_in(now: OffsetDateTime) -> (Grants, Value) {
        let mut grants = Grants::default();
        let request = Parameters::from([(PERSON.to_owned(), "ada".to_owned())]);
        let code = grants.code_for(request);
        let grant = grants.take_code(&code).unwrap();
        assert!(grants.take_code(&code).is_none(), "a code works once");
        let tokens = grants.tokens_for(grant, LIFE, now);
        (grants, tokens)
    }

    #[test]
    fn a_replaced_refresh_token_works_for_three_seconds_and_then_ends_the_grant() {
        let begin = OffsetDateTime::UNIX_EPOCH;
        let (mut grants, first) = signed_in(begin);
        let first = token(&first, "refresh_token");
        let grant = grants.refresh(&first, REUSE, begin).unwrap();
        let second = token(&grants.tokens_for(grant, LIFE, begin), "refresh_token");
        assert!(grants.refresh(&first, REUSE, begin + REUSE).is_some());

        let late = begin + REUSE + Duration::from_millis(1);
        assert!(grants.refresh(&first, REUSE, late).is_none());
        assert!(grants.refresh(&second, REUSE, late).is_none());
        assert_eq!((grants.refreshes, grants.reuses), (2, 1));
    }

    #[test]
    fn an_access_token_works_until_it_expires_or_its_grant_is_revoked() {
        let begin = OffsetDateTime::UNIX_EPOCH;
        let (mut grants, tokens) = signed_in(begin);
        let access = token(&tokens, "access_token");
        let sub = |grants: &Grants, after| {
            let grant = grants.of_access_token(&access, Some(begin + after));
            grant.map(|grant| grant.sub().to_owned())
        };
        assert_eq!(sub(&grants, LIFE / 2).as_deref(), Some("ada"));
        assert_eq!(sub(&grants, LIFE), None);
        assert!(grants.revoke(&token(&tokens, "refresh_token")));
        assert_eq!(sub(&grants, LIFE / 2), None);
    }
}
