//! What was granted: codes that work once, access tokens that live for seconds, refresh tokens that rotate.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// A refresh token that was replaced still works for so long, as at Logto; after that its use is taken for a thief's, and
/// the whole grant ends (RFC 9700, section 4.14.2).
pub(super) const REUSE: Duration = Duration::from_secs(3);

/// Who has signed in.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) sub: String,
    pub(super) sid: String,
    pub(super) nonce: String,
}

/// What the token endpoint hands out.
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: String,
}

/// Everything that was granted.
#[derive(Default)]
pub(super) struct Grants {
    codes: HashMap<String, Person>,
    /// By number; one that was revoked is gone.
    people: HashMap<u64, Person>,
    newest: u64,
    refresh_tokens: HashMap<String, RefreshToken>,
    access_tokens: HashMap<String, (u64, Instant)>,
    /// How many refresh tokens were exchanged.
    pub(super) refreshes: u64,
    /// How many came again too late.
    pub(super) reuses: u64,
}

struct RefreshToken {
    grant: u64,
    replaced_at: Option<Instant>,
}

impl Grants {
    pub(super) fn code_for(&mut self, person: Person) -> String {
        let code = random();
        self.codes.insert(code.clone(), person);
        code
    }

    /// A code into a grant.
    pub(super) fn exchange(
        &mut self,
        code: &str,
        life: Duration,
        now: Instant,
    ) -> Option<(Person, Tokens)> {
        let person = self.codes.remove(code)?;
        self.newest += 1;
        self.people.insert(self.newest, person.clone());
        Some((person, self.tokens(self.newest, life, now)))
    }

    /// A refresh token into the next one.
    pub(super) fn refresh(&mut self, token: &str, life: Duration, now: Instant) -> Option<Tokens> {
        let known = self.refresh_tokens.get_mut(token)?;
        let grant = known.grant;
        let replaced_at = *known.replaced_at.get_or_insert(now);
        if now.duration_since(replaced_at) > REUSE {
            self.reuses += 1;
            self.people.remove(&grant);
        }
        if !self.people.contains_key(&grant) {
            return None;
        }
        self.refreshes += 1;
        Some(self.tokens(grant, life, now))
    }

    fn tokens(&mut self, grant: u64, life: Duration, now: Instant) -> Tokens {
        let (access, refresh) = (random(), random());
        self.access_tokens.retain(|_, (_, until)| now < *until);
        self.access_tokens
            .insert(access.clone(), (grant, now + life));
        let replaced_at = None;
        self.refresh_tokens
            .insert(refresh.clone(), RefreshToken { grant, replaced_at });
        Tokens { access, refresh }
    }

    /// Ends the grant of a refresh token.
    pub(super) fn revoke(&mut self, token: &str) {
        if let Some(known) = self.refresh_tokens.get(token) {
            self.people.remove(&known.grant);
        }
    }

    /// The person whom an access token that works stands for.
    pub(super) fn whose(&self, access_token: &str, now: Instant) -> Option<String> {
        let (grant, until) = self.access_tokens.get(access_token)?;
        let person = self.people.get(grant)?;
        (now < *until).then(|| person.sub.clone())
    }
}

fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(2);

    fn signed_in(now: Instant) -> (Grants, Tokens) {
        let mut grants = Grants::default();
        let code = grants.code_for(Person {
            sub: "ada".to_owned(),
            sid: "one".to_owned(),
            nonce: "n".to_owned(),
        });
        let (_, tokens) = grants.exchange(&code, LIFE, now).unwrap();
        assert!(
            grants.exchange(&code, LIFE, now).is_none(),
            "codes work once"
        );
        (grants, tokens)
    }

    #[test]
    fn a_replaced_refresh_token_works_for_three_seconds_and_then_ends_the_grant() {
        let begin = Instant::now();
        let (mut grants, first) = signed_in(begin);
        let second = grants.refresh(&first.refresh, LIFE, begin).unwrap();
        let again = grants.refresh(&first.refresh, LIFE, begin + REUSE);
        assert!(again.is_some());

        let late = begin + REUSE + Duration::from_millis(1);
        assert!(grants.refresh(&first.refresh, LIFE, late).is_none());
        assert!(grants.refresh(&second.refresh, LIFE, late).is_none());
        assert_eq!((grants.refreshes, grants.reuses), (2, 1));
    }

    #[test]
    fn an_access_token_works_until_it_expires_or_its_grant_is_revoked() {
        let begin = Instant::now();
        let (mut grants, tokens) = signed_in(begin);
        let whose = |grants: &Grants, after| grants.whose(&tokens.access, begin + after);
        assert_eq!(whose(&grants, LIFE / 2).as_deref(), Some("ada"));
        assert_eq!(whose(&grants, LIFE), None);
        grants.revoke(&tokens.refresh);
        assert_eq!(whose(&grants, LIFE / 2), None);
    }
}
