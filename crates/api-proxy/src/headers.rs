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

/// Response headers that stay behind: they are about this connection (RFC 9110, section 7.6.1), or they would act on the whole
/// site that the route is a part of.
const LEFT_BEHIND: [&str; 24] = [
    "alt-svc",
    "clear-site-data",
    "connection",
    "content-security-policy",
    "content-security-policy-report-only",
    "keep-alive",
    "nel",
    "permissions-policy",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "public-key-pins",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
const CORS: &str = "access-control-";

/// Names that no route may add: the caller decides them, or they are about one connection.
const RESERVED: [&str; 12] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-csrf",
];
const RESERVED_PREFIXES: [&str; 3] = ["proxy-", "sec-", "x-forwarded-"];

/// Whether a route may forward a request header of this name. Names with `_` are refused: servers that hand headers to
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
    base: &Url,
    requested: &Url,
    prefix: &str,
    is_personal: bool,
) -> HeaderMap {
    let nominated: Vec<String> = list(from_api, &CONNECTION);
    let mut headers = HeaderMap::new();
    for (name, value) in from_api {
        let text = name.as_str();
        let stays = LEFT_BEHIND.contains(&text)
            || text.starts_with(CORS)
            || nominated.iter().any(|nominated| nominated == text);
        if !stays {
            headers.append(name, value.clone());
        }
    }
    if let Some(location) = headers.remove(LOCATION)
        && let Some(location) = location_here(&location, base, requested, prefix)
    {
        headers.insert(LOCATION, location);
    }
    keep_bearer_challenges(&mut headers);
    if is_personal && !is_private(&headers) {
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

/// A browser asks a person for a password when it sees another scheme than `Bearer`.
fn keep_bearer_challenges(headers: &mut HeaderMap) {
    let challenges: Vec<_> = headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter(|value| {
            let scheme = value.as_bytes().get(..6);
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
        })
        .cloned()
        .collect();
    headers.remove(WWW_AUTHENTICATE);
    for challenge in challenges {
        headers.append(WWW_AUTHENTICATE, challenge);
    }
}

fn is_private(headers: &HeaderMap) -> bool {
    let directives = list(headers, &CACHE_CONTROL);
    directives
        .iter()
        .any(|directive| directive == "private" || directive == "no-store")
        && !directives.iter().any(|directive| directive == "public")
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
