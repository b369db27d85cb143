//! A sign-in on its way to the provider and back. It lives in a cookie of its own, sealed and named after
//! its `state`: an anonymous visitor creates nothing in the store, and several tabs can sign in at once.

use crate::{
    request::cookies::{CookieNames, Cookies},
    return_to::ReturnTo,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderValue;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use session_store::Keys;

/// The purpose of the keys that seal pending sign-ins.
pub(crate) const PURPOSE: &str = "pending sign-in";
/// A person has ten minutes to sign in.
pub(crate) const LIFETIME_SECONDS: u32 = 600;
/// Tabs that may sign in at once; the oldest gives way.
const AT_ONCE: usize = 5;

/// What must be known again when the authorization response comes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingSignIn {
    pub(crate) nonce: Nonce,
    pub(crate) pkce_verifier: PkceCodeVerifier,
    pub(crate) return_to: ReturnTo,
    /// Seconds since 1970.
    pub(crate) started_at: i64,
}

/// The pending sign-ins of one browser.
pub(crate) struct PendingSignIns<'a> {
    names: &'a CookieNames,
    keys: &'a Keys,
    cookies: &'a Cookies,
    now: i64,
}

impl<'a> PendingSignIns<'a> {
    pub(crate) fn new(
        names: &'a CookieNames,
        keys: &'a Keys,
        cookies: &'a Cookies,
        now: i64,
    ) -> Self {
        Self {
            names,
            keys,
            cookies,
            now,
        }
    }

    /// The `Set-Cookie` headers that add one, and remove what is dead or too many.
    pub(crate) fn add(&self, state: &CsrfToken, pending: &PendingSignIn) -> Vec<HeaderValue> {
        let name = self.name(state.secret());
        let plain = serde_json::to_vec(pending).unwrap_or_default();
        let sealed = URL_SAFE_NO_PAD.encode(self.keys.seal(name.as_bytes(), &plain));

        let mut alive: Vec<(i64, &str)> = Vec::new();
        let mut headers = Vec::new();
        // More than twice as many are a stranger's doing, and not worth an answer.
        for (name, value) in self.all().take(2 * AT_ONCE) {
            match self.open(name, value) {
                Some(pending) => alive.push((pending.started_at, name)),
                None => headers.push(self.names.remove(name)),
            }
        }
        alive.sort_unstable();
        let too_many = (alive.len() + 1).saturating_sub(AT_ONCE);
        headers.extend(
            alive
                .iter()
                .take(too_many)
                .map(|(_, name)| self.names.remove(name)),
        );
        headers.push(self.names.set(&name, &sealed, LIFETIME_SECONDS));
        headers
    }

    /// Takes the one that this `state` belongs to: what it held, and the header that removes it.
    pub(crate) fn take(&self, unverified_state: &str) -> Option<(PendingSignIn, HeaderValue)> {
        let name = self.name(unverified_state);
        let pending = self.open(&name, self.cookies.only(&name)?)?;
        Some((pending, self.names.remove(&name)))
    }

    /// The headers that remove all of them, as far as they can be ours.
    pub(crate) fn remove_all(&self) -> Vec<HeaderValue> {
        self.all()
            .take(2 * AT_ONCE)
            .map(|(name, _)| self.names.remove(name))
            .collect()
    }

    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cookies.with_prefix(self.names.pending_prefix)
    }

    fn name(&self, state: &str) -> String {
        format!("{}{state}", self.names.pending_prefix)
    }

    /// The seal is bound to the cookie's name, so a value opens for its own `state` only.
    fn open(&self, name: &str, value: &str) -> Option<PendingSignIn> {
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let plain = self.keys.open(name.as_bytes(), sealed)?;
        let pending: PendingSignIn = serde_json::from_slice(&plain).ok()?;
        let age = self.now - pending.started_at;
        (0..i64::from(LIFETIME_SECONDS))
            .contains(&age)
            .then_some(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, header::COOKIE};

    const NAMES: CookieNames = CookieNames {
        session: "__Host-session",
        pending_prefix: "__Host-sign-in.",
        secure: true,
    };
    const NOW: i64 = 1_795_374_701;

    fn keys() -> Keys {
        Keys::derive(["n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g"], PURPOSE)
    }

    fn pending(started_at: i64) -> PendingSignIn {
        PendingSignIn {
            nonce: Nonce::new("nonce".to_owned()),
            pkce_verifier: PkceCodeVerifier::new("verifier".to_owned()),
            return_to: ReturnTo::from_unverified("/books"),
            started_at,
        }
    }

    /// What a browser keeps of `Set-Cookie` headers, on top of what it had.
    fn browser(before: &[String], headers: &[HeaderValue]) -> Vec<String> {
        let mut jar = before.to_vec();
        for header in headers {
            let pair = header
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
            let name = pair.split('=').next().unwrap().to_owned();
            jar.retain(|cookie| cookie.split('=').next() != Some(&name));
            if !pair.ends_with('=') {
                jar.push(pair);
            }
        }
        jar
    }

    fn cookies(jar: &[String]) -> Cookies {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&jar.join("; ")).unwrap());
        Cookies::read(&headers)
    }

    fn add(jar: &[String], state: &str, started_at: i64) -> Vec<String> {
        let (keys, cookies) = (keys(), cookies(jar));
        let pendings = PendingSignIns::new(&NAMES, &keys, &cookies, started_at);
        browser(
            jar,
            &pendings.add(&CsrfToken::new(state.to_owned()), &pending(started_at)),
        )
    }

    #[test]
    fn one_is_taken_by_its_own_state_within_ten_minutes() {
        let (keys, jar) = (keys(), add(&[], "state-a", NOW));
        let cookies = cookies(&jar);
        let take = |state, now| PendingSignIns::new(&NAMES, &keys, &cookies, now).take(state);

        let (taken, removal) = take("state-a", NOW + 599).unwrap();
        assert_eq!(
            (taken.nonce.secret().as_str(), taken.return_to),
            ("nonce", ReturnTo::from_unverified("/books"))
        );
        assert_eq!(
            removal,
            "__Host-sign-in.state-a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(take("state-a", NOW + 600).is_none(), "too old");
        assert!(take("state-a", NOW - 1).is_none(), "from the future");
        for state in ["", "state-A", "state-a ", "state-b"] {
            assert!(take(state, NOW).is_none(), "{state}");
        }
    }

    #[test]
    fn a_value_moved_under_another_state_does_not_open() {
        let (keys, jar) = (keys(), add(&[], "state-a", NOW));
        let moved = cookies(&[jar[0].replace("state-a", "state-b")]);
        assert!(
            PendingSignIns::new(&NAMES, &keys, &moved, NOW)
                .take("state-b")
                .is_none()
        );
    }

    #[test]
    fn five_are_kept_and_the_oldest_goes() {
        let mut jar = Vec::new();
        for (second, state) in (0..).zip(["a", "b", "c", "d", "e", "f"]) {
            jar = add(&jar, state, NOW + second);
        }
        let names: Vec<_> = jar
            .iter()
            .map(|cookie| cookie.split('=').next().unwrap())
            .collect();
        assert_eq!(
            names,
            ["b", "c", "d", "e", "f"].map(|state| format!("__Host-sign-in.{state}"))
        );
    }

    #[test]
    fn what_is_dead_is_removed_on_the_way() {
        let old = add(&["__Host-sign-in.planted=x".to_owned()], "a", NOW);
        assert_eq!(old.len(), 1, "the planted one is gone");
        let jar = add(&old, "b", NOW + 600);
        assert!(
            jar.len() == 1 && jar[0].starts_with("__Host-sign-in.b="),
            "{jar:?}"
        );
    }

    #[test]
    fn of_many_planted_ones_ten_are_removed_at_a_time() {
        let planted: Vec<_> = (0..12)
            .map(|number| format!("__Host-sign-in.{number}=x"))
            .collect();
        let (keys, cookies) = (keys(), cookies(&planted));
        let pendings = PendingSignIns::new(&NAMES, &keys, &cookies, NOW);
        let headers = pendings.add(&CsrfToken::new("a".to_owned()), &pending(NOW));
        assert_eq!(headers.len(), 10 + 1);
        assert_eq!(pendings.remove_all().len(), 10);
    }

    #[test]
    fn a_cookie_fits_into_a_browser() {
        let mut longest = pending(NOW);
        longest.return_to = ReturnTo::from_unverified(&format!("/{}", "a".repeat(999)));
        assert_ne!(longest.return_to, ReturnTo::home());
        let (keys, cookies) = (keys(), Cookies::default());
        let pendings = PendingSignIns::new(&NAMES, &keys, &cookies, NOW);
        let header = pendings.add(&CsrfToken::new_random(), &longest).remove(0);
        assert!(header.len() <= 2_048, "{}", header.len());
    }
}
