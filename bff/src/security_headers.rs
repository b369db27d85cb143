//! Headers that every answer carries, also those of the layers within: errors, panics, redirects, files.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Nothing but our own files; WebAssembly may be compiled; nobody may frame us; no script sink takes a text.
/// A form may lead to the provider, because browsers hold the redirect after a sign-out form to this list too.
fn content_security_policy(provider_origin: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' https:; \
         style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self' {provider_origin}; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// `same-origin` and not `no-referrer`: without a referrer browsers send `Origin: null` with a form's POST.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Two years, and only where the site is https.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains";

/// What every answer has.
pub(crate) fn all(provider_origin: &str, is_https: bool) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        content_security_policy(provider_origin),
    );
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(STRICT_TRANSPORT_SECURITY),
        );
    }
    headers
}

/// Puts them into an answer, instead of what it says itself.
pub(crate) fn add(all: &HeaderMap, headers: &mut HeaderMap) {
    headers.reserve(all.len() + 1);
    for (name, value) in all {
        headers.insert(name.clone(), value.clone());
    }
    // What is not a hashed file depends on a cookie.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
