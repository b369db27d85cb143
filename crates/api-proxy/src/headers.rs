//! Which headers cross, in each direction.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, CACHE_CONTROL, CONNECTION, LOCATION, WWW_AUTHENTICATE},
};
use url::Url;

/// Request headers that an API receives as the client sent them. A route may add others.
pub const FORWARDED: [HeaderName; 16] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    header::USER_AGENT,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
];

/// Response headers that a browser receives as the API sent them. A route may add others. All others stay behind: they are about
/// one connection, act on the whole site (cookies, CORS, HSTS), or are commands to the proxies in between.
pub const RETURNED: [HeaderName; 20] = [
    header::ACCEPT_RANGES,
    header::AGE,
    header::ALLOW,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::EXPIRES,
    header::LAST_MODIFIED,
    header::LINK,
    header::LOCATION,
    header::RETRY_AFTER,
    header::VARY,
    header::WWW_AUTHENTICATE,
    HeaderName::from_static("x-total-count"),
];

/// Names that no route may add: the caller decides them, or they are about one connection.
const RESERVED: [&str; 17] = [
    "alt-svc",
    "authorization",
    "clear-site-data",
    "connection",
    "content-length",
    "content-security-policy",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "refresh",
    "x-csrf",
];
const RESERVED_PREFIXES: [&str; 5] = [
    "access-control-",
    "proxy-",
    "sec-",
    "x-accel-",
    "x-forwarded-",
];

/// Whether a route may add a header of this name. Names with `_` are refused: servers that hand headers to
/// programs as variables do not distinguish it from `-`.
pub(crate) fn may_be_forwarded(name: &HeaderName) -> bool {
    let name = name.as_str();
    !RESERVED.contains(&name)
        && !RESERVED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        && !name.contains('_')
}

/// The request headers that cross.
pub(crate) fn of_request(from_client: &HeaderMap, added_by_route: &[HeaderName]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in FORWARDED.iter().chain(added_by_route) {
        for value in from_client.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    headers
}

/// The response headers that cross, and those that keep a document of the API from acting as one of the site. `base`: the
/// API's address; `prefix`: the path that stands for it here. `is_personal`: the response belongs to a person.
pub(crate) fn of_response(
    from_api: &HeaderMap,
    added_by_route: &[HeaderName],
    base: &Url,
    requested: &Url,
    prefix: &str,
    is_personal: bool,
) -> HeaderMap {
    let nominated = list(from_api, &CONNECTION);
    let mut headers = HeaderMap::new();
    for name in RETURNED.iter().chain(added_by_route) {
        if nominated.iter().all(|nominated| nominated != name.as_str()) {
            for value in from_api.get_all(name) {
                headers.append(name, value.clone());
            }
        }
    }
    if let Some(location) = headers.remove(LOCATION)
        && let Some(location) = location_here(&location, base, requested, prefix)
    {
        headers.insert(LOCATION, location);
    }
    keep_bearer_challenges(&mut headers);
    // Not `private` either: the next person in this browser would get it from the browser's cache.
    if is_personal {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

/// A redirect to another address of the API, as an address below the prefix. `None` for every other: it stays behind, so that
/// an API cannot send a browser away from the site.
fn location_here(
    location: &HeaderValue,
    base: &Url,
    requested: &Url,
    prefix: &str,
) -> Option<HeaderValue> {
    let target = requested.join(location.to_str().ok()?).ok()?;
    if target.origin() != base.origin() {
        return None;
    }
    let below = target
        .path()
        .strip_prefix(base.path().trim_end_matches('/'))?;
    if !crate::path::is_plain(below) {
        return None;
    }
    let query = target
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    HeaderValue::try_from(format!("{prefix}{below}{query}")).ok()
}

/// Challenges of the scheme `Bearer`. At any other one, a browser asks the person for a password.
fn keep_bearer_challenges(headers: &mut HeaderMap) {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter();
    let bearer = challenges.filter(|value| value.to_str().is_ok_and(is_bearer_only));
    let bearer: Vec<_> = bearer.cloned().collect();
    headers.remove(WWW_AUTHENTICATE);
    for challenge in bearer {
        headers.append(WWW_AUTHENTICATE, challenge);
    }
}

/// Whether a text is one challenge of the scheme `Bearer`: after it there are only parameters (RFC 9110, section 11.6.1).
fn is_bearer_only(text: &str) -> bool {
    let Some((scheme, parameters)) = text.split_once(' ') else {
        return text.eq_ignore_ascii_case("bearer");
    };
    let is_parameter = |part: &str| {
        let name = part.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| !name.is_empty() && !name.contains(' '))
    };
    scheme.eq_ignore_ascii_case("bearer") && parameters.split(',').all(is_parameter)
}

/// The members of a header that is a list, in lower case.
pub(crate) fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|member| member.trim().to_ascii_lowercase())
        .collect()
}
