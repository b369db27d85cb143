//! The host name by which a browser reaches this site. Cookies, the redirect URI and the check of origins belong to that of
//! `BASE_URL`, so a visit at another one is redirected there first.

use crate::{
    config::BaseUrl,
    request::{client_address::TrustedProxies, fetch_metadata::wants_page},
    return_to::moved_to,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{Method, header::HOST};
use std::sync::Arc;
use telemetry::log_text;

/// Redirects a visit at another host name to the same path and query at `BASE_URL`, before any cookie is set.
///
/// A proxy has to pass on the browser's `Host`. A trusted proxy may name it in `X-Forwarded-Host` instead.
pub(crate) async fn lead_to_base_url(
    State((base_url, proxies)): State<(BaseUrl, Arc<TrustedProxies>)>,
    request: Request,
    next: Next,
) -> Response {
    let is_visit =
        matches!(*request.method(), Method::GET | Method::HEAD) && wants_page(request.headers());
    match of_visit(&request, &proxies) {
        Some(host) if is_visit && !is_of(&base_url, host) => {
            let host = log_text::word(host, 100);
            tracing::info!(event = "request.other_host", "host {host} is not BASE_URL");
            moved_to(&base_url, request.uri())
        }
        _ => next.run(request).await,
    }
}

/// The host that a browser sent a request to, with its port.
pub(crate) fn of_visit<'a>(request: &'a Request, proxies: &TrustedProxies) -> Option<&'a str> {
    let forwarded = request.headers().get("x-forwarded-host");
    let forwarded = forwarded.filter(|_| proxies.sent(request));
    let forwarded = forwarded.and_then(|hosts| hosts.to_str().ok()?.rsplit(',').next());
    forwarded.map(str::trim).or(named_in(request))
}

/// The host that a request is for, with its port.
pub(crate) fn named_in(request: &Request) -> Option<&str> {
    let absolute = request.uri().authority().map(http::uri::Authority::as_str);
    let header = || request.headers().get(HOST)?.to_str().ok();
    absolute.or_else(header)
}

/// Whether this is the host of `BASE_URL`, however it is written.
pub(crate) fn is_of(base_url: &BaseUrl, host: &str) -> bool {
    let scheme = if base_url.is_https() { "https" } else { "http" };
    base_url.is_at(&format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q12_a_host_is_that_of_base_url_however_it_is_written() {
        let (site, local) = ("https://app.example", "http://localhost:3000");
        for (base_url, host, same) in [
            (site, "app.example", true),
            (site, "APP.example:443", true),
            (site, "www.app.example", false),
            (site, "app.example:3000", false),
            (site, "app.example.", false),
            (site, "ada@app.example", false),
            (site, "", false),
            (local, "localhost:3000", true),
            (local, "127.0.0.1:3000", false),
            (local, "[::1]:3000", false),
            (local, "localhost", false),
        ] {
            let base_url = BaseUrl::parse(base_url).unwrap();
            assert_eq!(is_of(&base_url, host), same, "{host} {base_url:?}");
        }
    }
}
