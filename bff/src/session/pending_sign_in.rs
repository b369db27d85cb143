//! A sign-in on its way to the provider and back. It lives in a sealed cookie: an anonymous visitor creates nothing in the
//! store, and several tabs can sign in at once.
//!
//! Tabs that begin at once do not see each other's cookies, so the names are few and fixed: whatever the order of the
//! requests, all cookies together have less than 4 kB. A browser has eight short cookies, or a long one in place of each
//! four of them. A tab whose cookie another tab has replaced finds the session of that other tab.

use crate::{
    error::Error,
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
/// A person has an hour to sign in, as long as Logto's interaction lives.
pub(crate) const LIFETIME_SECONDS: u32 = 3_600;
/// How far the clocks of two instances may be apart.
pub(crate) const LEEWAY_SECONDS: u32 = 60;
/// The most bytes of a short cookie, with its name. A long one has at most 2,000, because a [`ReturnTo`] is short.
const SHORT: usize = 490;
/// Short cookies in place of one long cookie.
const SHORT_IN_LONG: usize = 4;
const LONG_ONES: usize = 2;
const SHORT_ONES: usize = LONG_ONES * SHORT_IN_LONG;
/// Further cookies that begin like ours are a stranger's doing; more of them are not worth an answer.
const STRANGERS: usize = 10;

/// What must be known again when the authorization response comes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingSignIn {
    pub(crate) nonce: Nonce,
    pub(crate) pkce_verifier: PkceCodeVerifier,
    pub(crate) return_to: ReturnTo,
    /// Whether the provider must not ask the person (`prompt=none`).
    pub(crate) is_silent: bool,
    /// Milliseconds since 1970.
    pub(crate) started_at: i64,
}

/// The pending sign-ins of one browser.
pub(crate) struct PendingSignIns<'a> {
    names: &'a CookieNames,
    keys: &'a Keys,
    cookies: &'a Cookies,
    /// Milliseconds since 1970.
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

    /// The `Set-Cookie` headers that add one, and remove what is dead or in its place. If there is no free place, the
    /// oldest goes.
    pub(crate) fn add(&self, state: &CsrfToken, pending: &PendingSignIn) -> Vec<HeaderValue> {
        let state = state.secret();
        let plain = serde_json::to_vec(pending).unwrap_or_default();
        let sealed = URL_SAFE_NO_PAD.encode(self.keys.seal(state.as_bytes(), &plain));
        let value = format!("{state}.{sealed}");
        let is_short = self.short(0).len() + "=".len() + value.len() <= SHORT;
        let places: Vec<Vec<String>> = if is_short {
            let long = |at| self.long(at / SHORT_IN_LONG);
            (0..SHORT_ONES)
                .map(|at| vec![self.short(at), long(at)])
                .collect()
        } else {
            let short =
                |at| (0..SHORT_IN_LONG).map(move |index| self.short(at * SHORT_IN_LONG + index));
            (0..LONG_ONES)
                .map(|at| [self.long(at)].into_iter().chain(short(at)).collect())
                .collect()
        };
        // Tabs that do not see each other begin at different places.
        let first = state.bytes().map(usize::from).sum::<usize>() % places.len();
        let used_at = |names: &Vec<String>| {
            names
                .iter()
                .filter_map(|name| self.alive(name))
                .map(|it| it.started_at)
                .max()
        };
        let places = places[first..].iter().chain(&places[..first]);
        let Some([name, overlapping @ ..]) =
            places.min_by_key(|names| used_at(names)).map(Vec::as_slice)
        else {
            return Vec::new();
        };
        let dead = self
            .all()
            .filter(|other| other != name && self.alive(other).is_none());
        let dead = dead
            .filter(|other| !overlapping.contains(&(*other).to_owned()))
            .take(STRANGERS);
        let removed = overlapping.iter().map(String::as_str).chain(dead);
        let removals = removed.map(|name| self.names.remove(name));
        let added = self.names.set(name, &value, LIFETIME_SECONDS);
        [added].into_iter().chain(removals).collect()
    }

    /// Takes the one that this `state` belongs to: what it held, and the header that removes it.
    pub(crate) fn take(
        &self,
        unverified_state: &str,
    ) -> Result<(PendingSignIn, HeaderValue), Error> {
        let mut opened = self.ours().filter_map(|name| {
            let (state, pending) = self.open(&name)?;
            (state == unverified_state).then_some((pending, name))
        });
        let found = opened.next();
        let (pending, name) = found.ok_or(Error::UnknownSignIn("no cookie has its state"))?;
        self.check_age(&pending).map_err(Error::UnknownSignIn)?;
        Ok((pending, self.names.remove(&name)))
    }

    /// The headers that remove all of them, as far as they can be ours.
    pub(crate) fn remove_all(&self) -> Vec<HeaderValue> {
        let most = SHORT_ONES + STRANGERS;
        self.all()
            .take(most)
            .map(|name| self.names.remove(name))
            .collect()
    }

    /// The names in the request that begin like ours.
    fn all(&self) -> impl Iterator<Item = &str> {
        let pairs = self.cookies.with_prefix(&self.names.pending_prefix);
        pairs.map(|(name, _)| name)
    }

    fn ours(&self) -> impl Iterator<Item = String> {
        let long = (0..LONG_ONES).map(|at| self.long(at));
        (0..SHORT_ONES).map(|at| self.short(at)).chain(long)
    }

    fn short(&self, at: usize) -> String {
        format!("{}{at}", self.names.pending_prefix)
    }

    fn long(&self, at: usize) -> String {
        format!("{}long-{at}", self.names.pending_prefix)
    }

    fn alive(&self, name: &str) -> Option<PendingSignIn> {
        let (_, pending) = self.open(name)?;
        self.check_age(&pending).is_ok().then_some(pending)
    }

    /// The content of this cookie. The seal is bound to the `state` in front of it, so it opens for its own `state` only.
    fn open(&self, name: &str) -> Option<(&str, PendingSignIn)> {
        let (state, sealed) = self.cookies.only(name)?.split_once('.')?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = self.keys.open(state.as_bytes(), &sealed)?;
        Some((state, serde_json::from_slice(&plain).ok()?))
    }

    /// The instance that began the sign-in may have another clock.
    fn check_age(&self, pending: &PendingSignIn) -> Result<(), &'static str> {
        let seconds = (self.now - pending.started_at).div_euclid(1_000);
        let (lifetime, leeway) = (i64::from(LIFETIME_SECONDS), i64::from(LEEWAY_SECONDS));
        if seconds < -leeway {
            return Err("it began in the future: the clocks of the instances differ");
        }
        if seconds >= lifetime + leeway {
            return Err("it is older than an hour");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BaseUrl;
    use http::{HeaderMap, header::COOKIE};

    const NOW: i64 = 1_795_374_701_000;
    const HOUR: i64 = 3_600_000;

    fn names() -> CookieNames {
        CookieNames::new(&BaseUrl::parse("https://app.example").unwrap())
    }

    fn keys() -> Keys {
        Keys::derive("n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g", PURPOSE)
    }

    fn pending(return_to: &str, started_at: i64) -> PendingSignIn {
        PendingSignIn {
            nonce: Nonce::new("n".repeat(22)),
            pkce_verifier: PkceCodeVerifier::new("v".repeat(43)),
            return_to: ReturnTo::from_unverified(return_to),
            is_silent: false,
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

    /// The headers of a sign-in that begins in a browser with these cookies.
    fn begin(jar: &[String], state: &CsrfToken, pending: &PendingSignIn) -> Vec<HeaderValue> {
        let (names, keys, cookies) = (names(), keys(), cookies(jar));
        PendingSignIns::new(&names, &keys, &cookies, pending.started_at).add(state, pending)
    }

    fn add(jar: &[String], state: &str, started_at: i64) -> Vec<String> {
        let state = CsrfToken::new(state.to_owned());
        browser(jar, &begin(jar, &state, &pending("/books", started_at)))
    }

    fn take(jar: &[String], state: &str, now: i64) -> Result<(PendingSignIn, HeaderValue), Error> {
        let (names, keys, cookies) = (names(), keys(), cookies(jar));
        PendingSignIns::new(&names, &keys, &cookies, now).take(state)
    }

    fn is_there(jar: &[String], state: &str, now: i64) -> bool {
        take(jar, state, now).is_ok()
    }

    #[test]
    fn q13_one_is_taken_by_its_own_state_within_an_hour() {
        let jar = add(&[], "state-a", NOW);
        let (taken, removal) = take(&jar, "state-a", NOW + HOUR - 1).unwrap();
        assert_eq!(taken.return_to, ReturnTo::from_unverified("/books"));
        let name = jar[0].split('=').next().unwrap();
        assert_eq!(
            removal,
            format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
        );
        for state in ["", "state-A", "state-a ", "state-b"] {
            assert!(!is_there(&jar, state, NOW), "{state}");
        }
    }

    #[test]
    fn q44_the_clocks_of_two_instances_may_be_a_minute_apart_and_the_log_has_the_reason() {
        let jar = add(&[], "a", NOW);
        for (now, cause) in [
            (NOW - 60_000, None),
            (NOW - 200, None),
            (NOW + HOUR + 59_999, None),
            (NOW - 60_001, Some("it began in the future")),
            (NOW + HOUR + 60_000, Some("it is older than an hour")),
        ] {
            let refused = take(&jar, "a", now).err().map(|error| error.to_string());
            assert_eq!(refused.is_some(), cause.is_some(), "{now}");
            assert!(
                refused
                    .unwrap_or_default()
                    .contains(cause.unwrap_or_default())
            );
        }
        let unknown = take(&jar, "b", NOW).unwrap_err().to_string();
        assert!(unknown.ends_with("no cookie has its state"), "{unknown}");
    }

    #[test]
    fn a_value_moved_to_another_state_does_not_open() {
        let jar = add(&[], "state-a", NOW);
        let moved = [jar[0].replace("=state-a.", "=state-b.")];
        assert!(!is_there(&moved, "state-b", NOW) && !is_there(&moved, "state-a", NOW));
    }

    #[test]
    fn q18_whatever_the_order_all_cookies_together_have_less_than_4_kb() {
        let long = format!("/{}", "a".repeat(999));
        let middle = format!("/{}", "a".repeat(200));
        assert_ne!(ReturnTo::from_unverified(&long), ReturnTo::home());
        // Ten tabs at once: each request was sent before any answer came.
        for return_tos in [
            [&*long; 10],
            [&*middle; 10],
            ["/"; 10],
            ["/", &long, "/", &middle, "/", "/", &long, "/", "/", &long],
        ] {
            let begun: Vec<_> = (0_i64..)
                .zip(return_tos)
                .map(|(tab, return_to)| (CsrfToken::new_random(), pending(return_to, NOW + tab)))
                .collect();
            let answers = begun
                .iter()
                .map(|(state, pending)| begin(&[], state, pending));
            let jar = answers.fold(Vec::new(), |jar, headers| browser(&jar, &headers));
            assert!(jar.join("; ").len() < 4_000, "{}", jar.join("; ").len());
            let (newest, _) = begun.last().unwrap();
            assert!(
                is_there(&jar, newest.secret(), NOW + 9),
                "the newest is there"
            );
            // And one after the other.
            let jar = begun.iter().fold(jar, |jar, (state, pending)| {
                browser(&jar, &begin(&jar, state, pending))
            });
            assert!(jar.join("; ").len() < 4_000, "{}", jar.join("; ").len());
        }
    }

    #[test]
    fn q18_eight_are_kept_and_the_oldest_goes_by_milliseconds() {
        let states = ["b", "a", "d", "c", "f", "e", "h", "g", "j", "i"];
        let mut jar = Vec::new();
        for (millisecond, state) in (0..).zip(states) {
            jar = add(&jar, state, NOW + millisecond);
        }
        let kept = states.map(|state| is_there(&jar, state, NOW));
        assert_eq!(
            kept,
            [false, false, true, true, true, true, true, true, true, true]
        );
    }

    #[test]
    fn what_is_dead_is_removed_on_the_way() {
        let old = add(&["__Host-sign-in.planted=x".to_owned()], "a", NOW);
        assert_eq!(old.len(), 1, "the planted one is gone");
        let jar = add(&old, "b", NOW + HOUR + 60_000);
        assert_eq!(jar.len(), 1, "{jar:?}");
        assert!(is_there(&jar, "b", NOW + HOUR + 60_000));
    }

    #[test]
    fn of_many_planted_ones_ten_are_removed_at_a_time() {
        let planted: Vec<_> = (0..30)
            .map(|number| format!("__Host-sign-in.x{number}=x"))
            .collect();
        let jar = add(&planted, "a", NOW);
        assert_eq!(jar.len(), 30 - 10 + 1);
        assert!(is_there(&jar, "a", NOW));
        let (names, keys, cookies) = (names(), keys(), cookies(&planted));
        let pendings = PendingSignIns::new(&names, &keys, &cookies, NOW);
        assert_eq!(pendings.remove_all().len(), 18);
    }
}
