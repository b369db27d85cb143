//! Where a person was, and goes back to: the only room that turns input into a redirect.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::LOCATION};
use serde::{Deserialize, Serialize};
use shared::path;
use std::borrow::Cow;

/// A local path with query and fragment, exactly as the browser gave it.
///
/// What a browser and a URL library make of odd texts differs (`///host`, `/\host`, `/.//host`), so the raw
/// text is matched against an allow rule and sent back unchanged; nothing is parsed and written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ReturnTo(String);

/// A pending sign-in travels in a cookie of at most 4,096 bytes, and several of them in one header.
const LONGEST: usize = 1_000;

impl ReturnTo {
    pub(crate) fn home() -> Self {
        Self("/".to_owned())
    }

    /// The path if it is one of ours, else home.
    pub(crate) fn from_unverified(unverified: &str) -> Self {
        Self::parse(unverified).unwrap_or_else(Self::home)
    }

    fn parse(unverified: &str) -> Option<Self> {
        let visible_ascii = unverified
            .bytes()
            .all(|byte| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'\\' | b'"'));
        let path = unverified.split(['?', '#']).next().unwrap_or_default();
        let local = visible_ascii
            && unverified.len() <= LONGEST
            && decodings(path)?.all(|path| is_local(&path) && is_local(before_query(&path)));
        local.then(|| Self(unverified.to_owned()))
    }

    /// 303 to this path.
    pub(crate) fn redirect(&self) -> Response {
        see_other(&self.0)
    }
}

/// 303: whatever the method was, the browser goes there with GET.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A path that begins with one slash, has no empty, `.` or `..` segment, and is not one where a sign-in starts or ends.
fn is_local(path: &str) -> bool {
    let Some(segments) = path.strip_prefix('/') else {
        return false;
    };
    let (folders, last) = segments
        .rsplit_once('/')
        .map_or((None, segments), |(folders, last)| (Some(folders), last));
    let plain = |segment: &str| segment != "." && segment != "..";
    let no_controls = !path
        .chars()
        .any(|character| character.is_control() || character == '\\');
    let round_trip = [
        path::SIGN_IN,
        path::CALLBACK,
        path::SIGN_OUT,
        path::SIGN_IN_FAILED,
    ];

    no_controls
        && folders.is_none_or(|folders| {
            folders
                .split('/')
                .all(|folder| !folder.is_empty() && plain(folder))
        })
        && plain(last)
        && !round_trip.contains(&path.trim_end_matches('/'))
}

/// What is left of a decoded path for its next reader, who may see a query in it, and cuts blanks from its end.
fn before_query(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches(' ')
}

/// The path as it is and after each round of percent-decoding, because something behind us may decode again.
/// `None` when it is still not plain after several rounds, or is not UTF-8.
fn decodings(path: &str) -> Option<impl Iterator<Item = String>> {
    const ROUNDS: usize = 4;
    let mut all = vec![path.to_owned()];
    for _ in 0..ROUNDS {
        let newest = all.last()?;
        match percent_decode(newest)? {
            Cow::Borrowed(_) => return Some(all.into_iter()),
            Cow::Owned(decoded) => all.push(decoded),
        }
    }
    None
}

fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if let (b'%', [high, low, after @ ..]) = (byte, after) {
            let digits = [*high, *low];
            let digits = std::str::from_utf8(&digits).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            // A `%` that stands for nothing stays, so the text is never plain.
            decoded.push(byte);
            rest = after;
        }
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

impl TryFrom<String> for ReturnTo {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a local path")
    }
}

impl From<ReturnTo> for String {
    fn from(return_to: ReturnTo) -> Self {
        return_to.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_path_is_kept_unchanged() {
        for path in [
            "/",
            "/a/b?x=1&y=%2F#frag",
            "/caf%C3%A9?q=1%2F2",
            "/a;b=c/d",
            "/search?q=https://other.example/",
            "/books/",
            "/?shelf=3",
            "/#top",
            "/sign-in-help",
        ] {
            assert_eq!(String::from(ReturnTo::from_unverified(path)), path);
        }
    }

    #[test]
    fn everything_else_leads_home() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for unverified in [
            "",
            "books",
            "https://evil.example/",
            "//evil.example/",
            "///evil.example/",
            "////evil.example",
            "/\\evil.example/",
            "/\"",
            "\\\\evil.example/",
            "\\/evil.example",
            "/\t/evil.example/",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "https:\\\\evil.example",
            "https:evil.example",
            "https:/evil.example",
            "https://app.example@evil.example/",
            "https://app.example.evil.example/",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "%2F%2Fevil.example",
            "/%2Fevil.example",
            "/%5Cevil.example",
            "/%09/evil.example",
            "/%252Fevil.example",
            "/%25252525252Fevil.example",
            "/\r\nSet-Cookie: x=1",
            "//evil.example%2F@app.example/",
            "/\0//evil.example",
            "/.//evil.example",
            "/x/..//evil.example",
            "/%2e//evil.example",
            "/%2e%2e",
            "/..",
            "/a//b",
            "/%",
            "/%zz",
            "/%ff",
            "/caf\u{e9}",
            "/sign-in",
            "/sign-in?returnTo=/sign-in",
            "/sign-out",
            "/callback?code=x",
            "/%63allback",
            "/callback%3Fcode=x",
            "/callback%20",
            "/callback/.%23",
            "/sign-in-failed?reason=internal",
            &long,
        ] {
            assert_eq!(
                ReturnTo::from_unverified(unverified),
                ReturnTo::home(),
                "{unverified:?}"
            );
        }
    }
}
