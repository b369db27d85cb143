//! The three cookies: `_interaction` (the interaction of the pages), `_interaction_resume` (the same, but sent only to the
//! address that continues the authorization), `_session`. Each contains a random secret and nothing else.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use time::{Duration, OffsetDateTime};

pub(crate) const INTERACTION: &str = "_interaction";
pub(crate) const INTERACTION_RESUME: &str = "_interaction_resume";
pub(crate) const SESSION: &str = "_session";
/// The language that the person chose, on these pages or in the application: cookies of one host count for all its ports.
pub(crate) const LANGUAGE: &str = "language";

/// Creates the cookies of this provider.
#[derive(Clone, Copy)]
pub(crate) struct Cookies {
    /// Sent over TLS only.
    pub(crate) secure: bool,
}

impl Cookies {
    /// Sets a cookie that expires in `seconds`.
    pub(crate) fn set(
        self,
        name: &str,
        value: &str,
        path: &str,
        now: OffsetDateTime,
        seconds: i64,
    ) -> HeaderValue {
        self.cookie(name, value, path, now + Duration::seconds(seconds))
    }

    /// Removes a cookie.
    pub(crate) fn remove(self, name: &str, path: &str) -> HeaderValue {
        self.cookie(name, "", path, OffsetDateTime::UNIX_EPOCH)
    }

    fn cookie(self, name: &str, value: &str, path: &str, expires: OffsetDateTime) -> HeaderValue {
        let expires = httpdate::fmt_http_date(expires.into());
        let secure = if self.secure { "; secure" } else { "" };
        let cookie = format!(
            "{name}={value}; path={path}; expires={expires}; samesite=lax{secure}; httponly"
        );
        HeaderValue::try_from(cookie)
            .unwrap_or_else(|error| unreachable!("all parts are ours and visible ASCII: {error}"))
    }
}

/// The value of a cookie of the request. If several have the name, the browser sends the one with the longest path first.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_has_the_attributes_that_protect_it() {
        let now = OffsetDateTime::from_unix_timestamp(1_795_374_701).unwrap();
        let cookie = |secure| Cookies { secure }.set("_session", "secret", "/", now, 60);
        assert_eq!(
            cookie(false),
            "_session=secret; path=/; expires=Sun, 22 Nov 2026 19:12:41 GMT; samesite=lax; httponly"
        );
        assert!(
            cookie(true)
                .to_str()
                .unwrap()
                .contains("; secure; httponly")
        );
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            HeaderValue::from_static("a=1; _session=s;_interaction=i"),
        );
        headers.append(
            COOKIE,
            HeaderValue::from_static("_interaction_resume=r; empty="),
        );
        let cases = [
            (SESSION, Some("s")),
            (INTERACTION, Some("i")),
            (INTERACTION_RESUME, Some("r")),
            ("session", None),
            ("empty", None),
        ];
        for (name, value) in cases {
            assert_eq!(read(&headers, name), value, "{name}");
        }
    }
}
