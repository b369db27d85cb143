//! Where a person was, and goes back to: the only room that turns input into a redirect.

use crate::config::BaseUrl;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, Uri, header::LOCATION};
use serde::{Deserialize, Serialize};
use shared::path;
use std::{borrow::Cow, fmt::Write as _};
use url::form_urlencoded;

/// A local path with query and fragment.
///
/// What a browser and a URL library make of odd texts differs (`///host`, `/\host`, `/.//host`), so the raw
/// text is matched against an allow rule and sent back unchanged. The only change, before the match, is that characters
/// which an address cannot hold are percent-encoded: a link that is decoded once too often still leads to its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ReturnTo(String);

/// A pending sign-in travels in a cookie of at most 4,096 bytes, and several of them in one header.
const LONGEST: usize = 1_000;

impl ReturnTo {
    pub(crate) fn home() -> Self {
        Self("/".to_owned())
    }

    /// As [`ReturnTo::from_unverified`]; an absolute address counts if it is of this site.
    pub(crate) fn from_link(unverified: &str, site: &BaseUrl) -> Self {
        Self::from_unverified(local_part(unverified, site))
    }

    /// The path if it is one of ours, else home.
    pub(crate) fn from_unverified(unverified: &str) -> Self {
        let encoded = percent_encode(unverified);
        encoded
            .and_then(|path| Self::parse(&path))
            .unwrap_or_else(Self::home)
    }

    fn parse(unverified: &str) -> Option<Self> {
        let visible_ascii = unverified
            .bytes()
            .all(|byte| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'\\' | b'"'));
        let path = unverified.split(['?', '#']).next().unwrap_or_default();
        let local = visible_ascii
            && unverified.len() <= LONGEST
            && !path.split('%').skip(1).any(|rest| digits(rest).is_none())
            && decodings(path)?.all(|path| is_local(&path) && is_local(before_query(&path)));
        local.then(|| Self(unverified.to_owned()))
    }

    /// 303 to this path.
    pub(crate) fn redirect(&self) -> Response {
        see_other(&self.0)
    }

    /// 303 to the page that says why a sign-in did not work. A second try from there returns to this path.
    pub(crate) fn sign_in_failed(&self, reason: &str) -> Response {
        let mut location = format!("{}?reason={reason}", path::SIGN_IN_FAILED);
        if *self != Self::home() {
            let return_to = form_urlencoded::byte_serialize(self.0.as_bytes());
            location.push_str("&returnTo=");
            location.extend(return_to);
        }
        see_other(&location)
    }
}

/// 308 to the same path and query at `BASE_URL`.
pub(crate) fn moved_to(site: &BaseUrl, uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    match HeaderValue::from_str(&format!("{}{path}", site.origin())) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
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

/// Path, query and fragment of an address of this site. Any other text stays as it is.
fn local_part<'a>(unverified: &'a str, site: &BaseUrl) -> &'a str {
    let Some((scheme, rest)) = unverified.split_once("://") else {
        return unverified;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, local) = rest.split_at(end);
    match local {
        _ if !site.is_at(&format!("{scheme}://{host}")) => unverified,
        "" => path::HOME,
        local => local,
    }
}

/// Encodes what a link has when it was decoded once too often: letters of other scripts, a blank between words, and the
/// percent sign of `/100%`. `None` if there is something that no link to a page of ours has.
fn percent_encode(unverified: &str) -> Option<Cow<'_, str>> {
    let path = unverified.split(['?', '#']).next().unwrap_or_default();
    let blank_at_edge = path.contains("/ ") || path.contains(" /") || path.ends_with(' ');
    let percent_sign = path.strip_suffix('%');
    let percent_sign = percent_sign.filter(|path| path.ends_with(|it: char| it.is_alphanumeric()));
    if unverified.len() > LONGEST || blank_at_edge {
        return None;
    }
    if percent_sign.is_none()
        && unverified
            .bytes()
            .all(|byte| byte > b' ' && byte.is_ascii())
    {
        return Some(Cow::Borrowed(unverified));
    }
    let mut encoded = String::new();
    for (at, character) in unverified.char_indices() {
        match character {
            '%' if percent_sign.is_some_and(|path| path.len() == at) => encoded.push_str("%25"),
            '!'..='~' => encoded.push(character),
            ' ' => encoded.push_str("%20"),
            _ if is_deceptive(character) => return None,
            _ => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    write!(encoded, "%{byte:02X}").ok()?;
                }
            }
        }
    }
    Some(Cow::Owned(encoded))
}

/// Invisible characters, those that look like a slash or a dot, and the one in place of bytes that are not UTF-8.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{2044}' | '\u{2215}' | '\u{2216}' | '\u{29f5}' | '\u{29f8}' | '\u{ff0e}' | '\u{ff0f}' | '\u{ff3c}' | '\u{fffd}')
}

/// The path as it is and after each round of percent-decoding, because something behind us may decode again.
/// `None` when there is still something to decode after several rounds, or it is not UTF-8.
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

/// Decodes once. A `%` without two digits stays. `None` when the result is not UTF-8.
fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.extend_from_slice(before.as_bytes());
        let byte = digits(after);
        decoded.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    decoded.extend_from_slice(rest.as_bytes());
    if decoded.len() == text.len() {
        return Some(Cow::Borrowed(text));
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

/// The byte that two hexadecimal digits at the beginning of a text stand for.
fn digits(text: &str) -> Option<u8> {
    let pair = text.get(..2)?;
    let both = pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    both.then(|| u8::from_str_radix(pair, 16).ok())?
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
            "/100%25",
            "/100%25/reviews",
            "/%25u2215",
        ] {
            assert_eq!(String::from(ReturnTo::from_unverified(path)), path);
        }
    }

    #[test]
    fn q14_a_link_that_was_decoded_once_too_often_leads_to_its_page() {
        for (unverified, path) in [
            ("/100%", "/100%25"),
            ("/100%?sort=new", "/100%25?sort=new"),
            ("/本/検索", "/%E6%9C%AC/%E6%A4%9C%E7%B4%A2"),
            ("/a b", "/a%20b"),
            ("/search?q=本 棚", "/search?q=%E6%9C%AC%20%E6%A3%9A"),
            ("/search?q=50%", "/search?q=50%"),
            ("/caf\u{e9}#größe", "/caf%C3%A9#gr%C3%B6%C3%9Fe"),
            (
                "/📚「新着」",
                "/%F0%9F%93%9A%E3%80%8C%E6%96%B0%E7%9D%80%E3%80%8D",
            ),
        ] {
            let return_to = ReturnTo::from_unverified(unverified);
            assert_eq!(String::from(return_to.clone()), path);
            assert_eq!(
                ReturnTo::try_from(path.to_owned()),
                Ok(return_to),
                "kept by a cookie"
            );
        }
    }

    #[test]
    fn q14_an_absolute_address_counts_if_it_is_of_this_site() {
        let site = BaseUrl::parse("https://app.example").unwrap();
        for (unverified, path) in [
            ("https://app.example/books?page=2#top", "/books?page=2#top"),
            ("https://app.example", "/"),
            ("HTTPS://App.Example:443/本", "/%E6%9C%AC"),
            ("/books", "/books"),
            ("https://app.example?shelf=1", "/"),
            ("https://app.example//evil.example", "/"),
            ("https://app.example/\\evil.example", "/"),
            ("https://app.example:444/books", "/"),
            ("http://app.example/books", "/"),
            ("https://ada@app.example/books", "/"),
            ("https://app.example@evil.example/books", "/"),
            ("https://app.example.evil.example/books", "/"),
            ("https://app.example/sign-in", "/"),
            ("view-source:https://app.example/books", "/"),
            ("blob:https://app.example/0a1b", "/"),
        ] {
            let return_to = ReturnTo::from_link(unverified, &site);
            assert_eq!(String::from(return_to), path, "{unverified}");
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
            "/%u2215/evil.example",
            "/%+1",
            "/100%/evil.example",
            "/ /evil.example",
            "/books ",
            "/\u{2215}evil.example",
            "/\u{202e}elpmaxe.live",
            "/\u{3000}",
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
