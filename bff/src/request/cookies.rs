//! Cookies on the wire: the one place that reads `Cookie` and writes `Set-Cookie`. Names are compared byte by byte, because
//! browsers give the promise of the prefix `__Host-` for these bytes only.

use crate::config::BaseUrl;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::{convert::Infallible, sync::Arc};
use time::Duration;
use tower_sessions::session::Id;

/// The names and attributes of our cookies; `BASE_URL` alone decides them.
#[derive(Clone, Debug)]
pub(crate) struct CookieNames {
    pub(crate) session: Arc<str>,
    pub(crate) pending_prefix: Arc<str>,
    pub(crate) secure: bool,
}

impl CookieNames {
    /// Browsers accept a `__Host-` cookie only with `Secure`, `Path=/` and no `Domain` (RFC 6265bis, section 4.1.3.2).
    /// Cookies know no ports, so on http, which is for this machine only, the port is in the name.
    pub(crate) fn new(base_url: &BaseUrl) -> Self {
        let secure = base_url.is_https();
        let prefix = if secure {
            "__Host-".to_owned()
        } else {
            format!("bff-{}-", base_url.port())
        };
        Self {
            session: format!("{prefix}session").into(),
            pending_prefix: format!("{prefix}sign-in.").into(),
            secure,
        }
    }

    /// The session cookie of a sign-in. It is set once, for as long as the session may last.
    pub(crate) fn set_session(&self, id: Id, lifetime: Duration) -> HeaderValue {
        let seconds = u32::try_from(lifetime.whole_seconds()).unwrap_or(u32::MAX);
        self.set(&self.session, &id.to_string(), seconds)
    }

    pub(crate) fn remove_session(&self) -> HeaderValue {
        self.remove(&self.session)
    }

    /// A cookie for `seconds`, or its removal if that is 0.
    pub(crate) fn set(&self, name: &str, value: &str, seconds: u32) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    pub(crate) fn remove(&self, name: &str) -> HeaderValue {
        self.set(name, "", 0)
    }
}

/// The cookies that the browser sent, names and values as they stand in the header.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// Reads every `Cookie` header. A pair that is not visible ASCII is left out; the others stay.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let pairs = headers
            .get_all(COOKIE)
            .iter()
            .flat_map(|header| header.as_bytes().split(|&byte| byte == b';'));
        Self(pairs.filter_map(read_pair).collect())
    }

    /// The value of the only cookie with this name. `None` if there are several: one of them is not ours.
    pub(crate) fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.named(name);
        values.next().filter(|_| values.next().is_none())
    }

    /// The values of the cookies with this name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &str> {
        let pairs = self.0.iter().filter(move |(given, _)| given == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// The session id of the only well-formed session cookie. Other servers of this host may have set others of its name.
    pub(crate) fn session_id(&self, names: &CookieNames) -> Option<Id> {
        let ids = self.session_ids(names);
        <[Id; 1]>::try_from(ids).ok().map(|[id]| id)
    }

    /// The session ids of all well-formed session cookies.
    pub(crate) fn session_ids(&self, names: &CookieNames) -> Vec<Id> {
        let values = self.named(&names.session);
        let well_formed = values.filter(|value| is_session_id(value));
        well_formed.filter_map(|value| value.parse().ok()).collect()
    }

    /// Names and values of the cookies whose name begins so.
    pub(crate) fn with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(move |(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn read_pair(pair: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(pair).ok()?.trim_matches([' ', '\t']);
    let (name, value) = text.split_once('=')?;
    let visible = |text: &str| text.bytes().all(|byte| matches!(byte, 0x21..=0x7e));
    (visible(name) && visible(value)).then(|| (name.to_owned(), value.to_owned()))
}

impl<S: Sync> axum::extract::FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, Infallible> {
        Ok(Self::read(&parts.headers))
    }
}

/// 128 bits in base64url without padding.
fn is_session_id(value: &str) -> bool {
    value.len() == 22
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[&[u8]]) -> Cookies {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, HeaderValue::from_bytes(header).unwrap());
        }
        Cookies::read(&map)
    }

    #[test]
    fn t01_an_alias_of_a_name_is_another_name() {
        for alias in [
            "%5F%5FHost-session=x",
            "__Hos%74-session=x",
            "\u{2000}__Host-session=x",
            "\u{a0}__Host-session=x",
            "\u{85}__Host-session=x",
            "__host-session=x",
            "\"__Host-session\"=x",
        ] {
            assert_eq!(
                read(&[alias.as_bytes()]).only("__Host-session"),
                None,
                "{alias}"
            );
        }
    }

    #[test]
    fn t01_two_cookies_with_one_name_are_none() {
        assert_eq!(
            read(&[b"__Host-session=a; __Host-session=b"]).only("__Host-session"),
            None
        );
        assert_eq!(
            read(&[b"__Host-session=a", b"__Host-session=a"]).only("__Host-session"),
            None
        );
    }

    #[test]
    fn t02_a_neighbour_that_is_not_text_does_not_hide_ours() {
        let cookies = read(&[b"x=\xff; __Host-session=a;y; =z; \tq=1"]);
        assert_eq!(cookies.only("__Host-session"), Some("a"));
        assert_eq!(cookies.only("q"), Some("1"));
        let cookies = read(&[b"a=x y; b c=x; d=x"]);
        assert_eq!(
            [cookies.only("a"), cookies.only("b c"), cookies.only("d")],
            [None, None, Some("x")]
        );
    }

    #[test]
    fn t03_a_removal_has_the_attributes_that_browsers_ask_of_the_prefix() {
        let names = CookieNames::new(&BaseUrl::parse("https://app.example").unwrap());
        assert_eq!(
            names.remove_session(),
            "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn q15_on_http_the_names_have_the_port() {
        for (base_url, session, pending) in [
            ("https://app.example", "__Host-session", "__Host-sign-in."),
            (
                "http://localhost:3000",
                "bff-3000-session",
                "bff-3000-sign-in.",
            ),
            ("http://127.0.0.1", "bff-80-session", "bff-80-sign-in."),
        ] {
            let names = CookieNames::new(&BaseUrl::parse(base_url).unwrap());
            assert_eq!(
                (&*names.session, &*names.pending_prefix),
                (session, pending)
            );
        }
    }

    #[test]
    fn q15_of_several_session_cookies_the_well_formed_one_counts() {
        let names = CookieNames::new(&BaseUrl::parse("http://localhost:3000").unwrap());
        let (one, other) = ("AAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAA");
        for (values, ids) in [
            (&[one][..], 1),
            (&["s%3Aforeign", one], 1),
            (&[one, ""], 1),
            (&[one, one], 2),
            (&["foreign"], 0),
            (&[one, other], 2),
        ] {
            let pairs: Vec<_> = values
                .iter()
                .map(|value| format!("bff-3000-session={value}"))
                .collect();
            let cookies = read(&[pairs.join("; ").as_bytes()]);
            assert_eq!(cookies.session_ids(&names).len(), ids, "{values:?}");
            let expected = (ids == 1).then(|| one.to_owned());
            assert_eq!(
                cookies.session_id(&names).map(|id| id.to_string()),
                expected,
                "{values:?}"
            );
        }
    }

    #[test]
    fn only_128_bits_in_base64url_are_a_session_id() {
        assert!(is_session_id("AAAAAAAAAAAAAAAAAAAAAA"));
        for wrong in [
            "",
            "short",
            "AAAAAAAAAAAAAAAAAAAAAA=",
            "AAAAAAAAAAAAAAAAAAAAA%",
            &"A".repeat(4096),
        ] {
            assert!(!is_session_id(wrong), "{wrong}");
        }
    }
}
