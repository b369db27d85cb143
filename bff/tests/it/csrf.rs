//! Cross-site request forgery: what other sites' pages make this person's browser do, and what a browser that lies
//! about itself does. Nothing changes.

use crate::support::{Answer, Fetched, TestApp, TestBrowser};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::path;

const PHONE: &str = "8613900000000";
const OWN: &str = "https://app.example";
/// Another site, one that shares our registrable domain, and ours without TLS.
const FOREIGN_PAGES: [&str; 3] = [
    "https://evil.example/",
    "https://www.app.example/",
    "http://app.example/",
];
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

/// Somebody signed in, and what the store holds of it.
struct Victim {
    app: TestApp,
    browser: TestBrowser,
    stored: Vec<String>,
}

impl Victim {
    async fn start() -> Self {
        let app = TestApp::start_with(&[("BASE_URL", OWN)]).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        let stored = app.store_content().await;
        Self {
            app,
            browser,
            stored,
        }
    }

    async fn assert_unchanged(&mut self) {
        assert!(self.browser.sub().await.is_some(), "still signed in");
        assert_eq!(self.app.store_content().await, self.stored);
    }
}

fn assert_cross_site(answer: &Answer, row: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{row}");
    assert_eq!(answer.json()["code"], json!("cross_site"), "{row}");
}

#[tokio::test]
async fn b102_another_sites_page_changes_nothing() {
    let mut victim = Victim::start().await;
    for page in FOREIGN_PAGES {
        let answer = victim
            .browser
            .page(page)
            .form("/sign-out", "everywhere=true")
            .await;
        assert_cross_site(&answer, page);
        let plain = [("content-type", "text/plain")];
        let script = victim.browser.page(page);
        let fetched = script.fetch(Method::POST, "/sign-out", &plain, "{}").await;
        assert!(matches!(fetched, Fetched::Unreadable(_)), "{page}");
        assert_cross_site(&fetched.sent(), page);
        victim.assert_unchanged().await;
    }
}

#[tokio::test]
async fn b102_a_browser_that_sends_the_cookie_all_the_same_changes_nothing() {
    let mut victim = Victim::start().await;
    for headers in [
        &[FORM, ("origin", "https://evil.example")][..],
        &[FORM, ("origin", "null")],
        &[FORM, ("origin", "https://app.example.evil.example")],
        &[FORM, ("origin", "https://app.example:8443")],
        &[FORM, ("origin", OWN), ("sec-fetch-site", "cross-site")],
        &[FORM, ("sec-fetch-site", "same-site")],
        &[FORM],
        &[("x-csrf", "1"), JSON, ("origin", "https://evil.example")],
        &[("x-csrf", "1"), JSON, ("sec-fetch-site", "cross-site")],
        &[],
    ] {
        let sent = victim
            .browser
            .send(Method::POST, "/sign-out", headers, "{}");
        assert_cross_site(&sent.await, &format!("{headers:?}"));
        victim.assert_unchanged().await;
    }
}

#[tokio::test]
async fn b103_b104_a_script_without_the_right_header_changes_nothing() {
    let mut victim = Victim::start().await;
    let own = [JSON, ("origin", OWN), ("sec-fetch-site", "same-origin")];
    for (url, header, body) in [
        ("/sign-out", None, "{}"),
        ("/sign-out", Some(""), "{}"),
        ("/sign-out", Some("0"), "{}"),
        ("/sign-out", Some("true"), "{}"),
        ("/sign-out", Some("1, 1"), "{}"),
        ("/sign-out", Some("AAAAAAAAAAAAAAAAAAAAAA"), "{}"),
        ("/sign-out?x-csrf=1", None, "{}"),
        ("/sign-out?X-CSRF=1", None, r#"{"x-csrf":"1"}"#),
    ] {
        let mut headers = own.to_vec();
        headers.extend(header.map(|value| ("x-csrf", value)));
        let answer = victim.browser.send(Method::POST, url, &headers, body).await;
        assert_cross_site(&answer, &format!("{url} {header:?}"));
    }
    victim.browser.plant("x-csrf", "1");
    let planted = victim.browser.send(Method::POST, "/sign-out", &own, "{}");
    assert_cross_site(&planted.await, "as a cookie");
    victim.assert_unchanged().await;
}

#[tokio::test]
async fn b108_a_method_is_what_the_request_says_and_no_other() {
    let mut victim = Victim::start().await;
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        let headers = [(name, "POST"), ("x-csrf", "1"), ("origin", OWN)];
        let got = victim
            .browser
            .send(Method::GET, "/sign-out?_method=POST", &headers, "");
        assert_eq!(got.await.status, StatusCode::METHOD_NOT_ALLOWED, "{name}");

        // A safe word does not lead past the check.
        let headers = [(name, "GET"), FORM, ("origin", "https://evil.example")];
        let posted = victim.browser.send(
            Method::POST,
            "/sign-out?_method=GET",
            &headers,
            "_method=GET",
        );
        assert_cross_site(&posted.await, name);
    }
    victim.assert_unchanged().await;
}

#[tokio::test]
async fn b110_no_other_origin_may_ask_or_read() {
    let mut victim = Victim::start().await;
    let header = [("x-csrf", "1"), JSON];
    for page in FOREIGN_PAGES {
        let script = victim.browser.page(page);
        let fetched = script.fetch(Method::POST, "/sign-out", &header, "{}").await;
        assert!(matches!(fetched, Fetched::NotSent(_)), "{page}");
        for address in [
            "/",
            path::AUTH_STATUS,
            path::SIGN_IN,
            "/assets/app-0123456789abcdef.js",
        ] {
            let script = victim.browser.page(page);
            let fetched = script.fetch(Method::GET, address, &[], "").await;
            assert!(
                matches!(fetched, Fetched::Unreadable(_)),
                "{page} {address}"
            );
        }
    }
    for origin in [
        "https://evil.example",
        "null",
        OWN,
        "https://app.example.evil.example",
    ] {
        for address in [
            "/",
            path::AUTH_STATUS,
            path::SIGN_OUT,
            path::SIGN_IN,
            path::BACK_CHANNEL_LOGOUT,
        ] {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "x-csrf"),
            ];
            for method in [Method::OPTIONS, Method::GET] {
                let answer = victim.browser.send(method, address, &headers, "").await;
                let allows = |name: &reqwest::header::HeaderName| {
                    name.as_str().starts_with("access-control-allow")
                };
                assert!(!answer.headers.keys().any(allows), "{origin} {address}");
            }
        }
    }
    victim.assert_unchanged().await;
}

#[tokio::test]
async fn b012_b113_another_site_begins_at_most_an_ordinary_sign_in() {
    let mut victim = Victim::start().await;
    let before = victim.browser.session_id().map(str::to_owned);
    for page in FOREIGN_PAGES {
        let answer = victim
            .browser
            .page(page)
            .form("/sign-in", "returnTo=/x")
            .await;
        assert_cross_site(&answer, page);
        let image = victim.browser.page(page).image("/sign-in").await;
        let frame = victim.browser.page(page).frame("/sign-in").await;
        assert_eq!((image.status.as_u16(), frame.status.as_u16()), (403, 403));
        assert_eq!(image.header("set-cookie"), "");

        let visit = victim.browser.page(page).link("/sign-in").await;
        let to_provider = format!("{}/oidc/auth?", victim.app.provider_url());
        assert!(
            visit.location().starts_with(&to_provider),
            "{}",
            visit.location()
        );
        assert!(!visit.header("set-cookie").contains("__Host-session"));
        assert_eq!(victim.browser.session_id(), before.as_deref());
        victim.assert_unchanged().await;
    }
}
