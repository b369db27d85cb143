//! Headers that every response carries: of handlers and of layers, errors, redirects and files.

use axum::{extract, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, header};
use std::sync::Arc;

/// Allow our own files, the pages' own style and WebAssembly, and nothing else. Never be framed; no script sink takes a text.
/// A form may lead to the provider, because browsers apply this list to the redirect after a sign-out form too.
fn content_security_policy(provider_origin: &str, style_source: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' https:; \
         style-src {style_source}; object-src 'none'; base-uri 'none'; form-action 'self' {provider_origin}; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

const OPENER_POLICY: &str = "cross-origin-opener-policy";
/// `same-origin` and not `no-referrer`: without a referrer browsers send `Origin: null` with a form's POST.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    (OPENER_POLICY, "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Two years, and only where the site is https.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains";

/// CSP for static files and responses of APIs: load nothing, never be framed; a document has no origin and runs no script.
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Marks a response as a file of the frontend or of an API, as an extension. Files get a shorter policy and no permissions policy, because
/// on a first visit every byte counts.
#[derive(Clone, Copy)]
pub(crate) struct IsFile;

/// The headers of every response.
pub(crate) struct SecurityHeaders {
    any: HeaderMap,
    file: HeaderMap,
}

/// A layer that adds the headers to a response. A browser starts a new process for a page with an opener policy, which delays
/// the first paint. Where no page led here (Fetch Metadata: a typed address, a bookmark) and the browser has no cookie of ours,
/// there is nobody to protect, and no policy.
pub(crate) async fn add(
    extract::State(headers): extract::State<Arc<SecurityHeaders>>,
    request: extract::Request,
    next: Next,
) -> Response {
    let site = request.headers().get("sec-fetch-site");
    let is_first =
        site.is_some_and(|site| site == "none") && !request.headers().contains_key(header::COOKIE);
    let mut response = next.run(request).await;
    headers.add(&mut response);
    if is_first {
        let policy = HeaderValue::from_static("unsafe-none");
        response.headers_mut().insert(OPENER_POLICY, policy);
    }
    response
}

impl SecurityHeaders {
    pub(crate) fn new(provider_origin: &str, style_source: &str, is_https: bool) -> Self {
        let mut any = HeaderMap::new();
        let policy = content_security_policy(provider_origin, style_source);
        any.insert(header::CONTENT_SECURITY_POLICY, policy);
        for (name, value) in ALWAYS {
            any.insert(name, HeaderValue::from_static(value));
        }
        if is_https {
            let transport = HeaderValue::from_static(STRICT_TRANSPORT_SECURITY);
            any.insert(header::STRICT_TRANSPORT_SECURITY, transport);
        }
        let mut file = any.clone();
        let policy = HeaderValue::from_static(FILE_POLICY);
        file.insert(header::CONTENT_SECURITY_POLICY, policy);
        file.remove("permissions-policy");
        Self { any, file }
    }

    /// Adds the headers in place of those that the response has itself.
    fn add(&self, response: &mut Response) {
        let ours = match response.extensions().get::<IsFile>() {
            Some(IsFile) => &self.file,
            None => &self.any,
        };
        let headers = response.headers_mut();
        for (name, value) in ours {
            headers.insert(name, value.clone());
        }
        // Whatever is not a file with a hash in its name depends on a cookie.
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn answer(headers: &[(HeaderName, &'static str)]) -> Response {
        let mut response = Response::default();
        for (name, value) in headers {
            let value = HeaderValue::from_static(value);
            response.headers_mut().append(name, value);
        }
        response
    }

    #[test]
    fn an_answer_keeps_its_own_headers_but_not_weaker_ones() {
        let all = SecurityHeaders::new("https://id.example", "'self'", true);
        let mut response = answer(&[
            (header::SET_COOKIE, "a=1"),
            (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
            (header::SET_COOKIE, "b=2"),
            (header::CONTENT_SECURITY_POLICY, "default-src *"),
            (header::CONTENT_TYPE, "text/html"),
        ]);
        all.add(&mut response);
        let said = |name| -> Vec<_> { response.headers().get_all(name).iter().collect() };
        assert_eq!(said(header::SET_COOKIE), ["a=1", "b=2"]);
        assert_eq!(said(header::CONTENT_TYPE), ["text/html"]);
        assert_eq!(said(header::CACHE_CONTROL), ["no-store"]);
        for (name, value) in &all.any {
            assert_eq!(said(name.clone()), [value], "{name}");
        }
    }

    #[test]
    fn a_file_may_be_kept_and_loads_nothing() {
        let mut response = answer(&[(header::CACHE_CONTROL, "max-age=1")]);
        response.extensions_mut().insert(IsFile);
        SecurityHeaders::new("https://id.example", "'self'", false).add(&mut response);
        let headers = response.headers();
        assert_eq!(headers[header::CACHE_CONTROL], "max-age=1");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], FILE_POLICY);
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
