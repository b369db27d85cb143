//! The single-page app, its files, and the headers of every answer.

use crate::support::{TestApp, wire};
use reqwest::Method;

#[tokio::test]
async fn any_page_path_is_the_app_in_the_persons_language() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/books/12",
        "/sign-in-failed?reason=internal",
        "/caf%C3%A9",
    ] {
        let headers = [("accept-language", "ja"), ("accept", "text/html")];
        let page = app.browser().send(Method::GET, path, &headers, "").await;
        assert_eq!(
            (page.status.as_u16(), page.header("cache-control")),
            (200, "no-store"),
            "{path}"
        );
        assert!(page.body.contains(r#"<html lang="ja">"#), "{path}");
    }
}

#[tokio::test]
async fn b201_what_is_no_page_is_not_found() {
    let app = TestApp::start().await;
    for path in [
        "/.git/config",
        "/.env",
        "/Cargo.toml",
        "/app.js.map",
        "/assets/app-0123456789abcdef.js.map",
        "/assets/Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/assets/%5c%5cserver%5cshare.txt",
        "/assets/C:%5cWindows%5cwin.ini",
        "/C:/Windows/win.ini",
        "/assets/a%00b.js",
        "/assets/%2e%2e%2findex.html",
        "/assets//etc/passwd.txt",
        "/assets/",
        "/../secret",
        "/%2e%2e/secret",
        "/%2E%2e%2Fsecret",
        "/a%00b",
        "/..%5cwindows",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/nothing.js",
        "/api",
        "/api/nothing",
        "/healthz",
        "/readyz",
        "/favicon.ico",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = wire::ask(app.address(), request).await;
        assert_eq!(wire::status_of(&answer), Some(404), "{path}");
    }
    let page = app.browser().visit("/nothing.html").await;
    assert_eq!(page.status.as_u16(), 404);
    assert!(
        page.body.contains(r#""code":"not_found""#),
        "a person gets the page"
    );
}

#[tokio::test]
async fn b197_files_are_compressed_and_immutable_and_set_no_cookie() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let plain = browser
        .send(Method::GET, "/assets/app-0123456789abcdef.js", &[], "")
        .await;
    assert_eq!(plain.body, "export {}");
    let headers = [("accept-encoding", "gzip, br")];
    let brotli = browser
        .send(Method::GET, "/assets/app-0123456789abcdef.js", &headers, "")
        .await;
    assert_eq!(
        (brotli.body.as_str(), brotli.header("content-encoding")),
        ("brotli", "br")
    );
    assert_eq!(brotli.header("content-type"), "text/javascript");
    assert_eq!(
        brotli.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(browser.cookies.is_empty());
    for variant in [&plain, &brotli] {
        let vary = variant.header("vary");
        assert_eq!(vary, "accept-encoding", "a shared cache keeps them apart");
    }

    let headers = [("if-modified-since", brotli.header("last-modified"))];
    let unchanged = browser
        .send(Method::GET, "/assets/app-0123456789abcdef.js", &headers, "")
        .await;
    assert_eq!(unchanged.status.as_u16(), 304);
    assert_eq!(
        unchanged.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
}

#[tokio::test]
async fn a_page_is_compressed_for_a_browser_that_says_so() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let plain = browser.visit("/").await;
    assert_eq!(plain.header("content-encoding"), "");
    let headers = [("accept-encoding", "gzip, br"), ("accept", "text/html")];
    let gzip = browser.send(Method::GET, "/", &headers, "").await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(gzip.header("vary"), "accept-encoding");
    let data = browser
        .send(Method::GET, "/api/auth/status", &headers, "")
        .await;
    assert_eq!(data.header("content-encoding"), "");
}

#[tokio::test]
async fn https_brings_hsts_secure_cookies_and_their_prefix() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let mut browser = app.browser();
    let answer = browser.visit("/sign-in").await;
    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=63072000; includeSubDomains"
    );
    let cookie = &browser.cookies[0];
    assert!(
        cookie.name.starts_with("__Host-sign-in."),
        "{}",
        cookie.name
    );
    assert!(
        cookie
            .header
            .ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"),
        "{}",
        cookie.header
    );
}

#[tokio::test]
async fn b179_headers_of_the_request_do_not_change_who_we_are() {
    let app = TestApp::start().await;
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-prefix", "//evil.example"),
    ];
    let mut browser = app.browser();
    let answer = browser.send(Method::GET, "/sign-in", &headers, "").await;
    let expected: String =
        url::form_urlencoded::byte_serialize(format!("{}/callback", app.base_url()).as_bytes())
            .collect();
    assert!(
        answer
            .location()
            .contains(&format!("redirect_uri={expected}")),
        "{}",
        answer.location()
    );
    assert!(!answer.location().contains("evil"));
    assert!(browser.cookies[0].name.starts_with("bff-"));
}

#[tokio::test]
async fn b205_a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let answer = app.browser().post("/sign-out", &"x".repeat(20_000)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (413, Some("payload_too_large"))
    );
}

#[tokio::test]
async fn b187_what_a_method_is_refused_for_is_said() {
    let app = TestApp::start().await;
    for (path, allowed) in [
        ("/", "GET,HEAD"),
        ("/books", "GET,HEAD"),
        ("/sign-in", "GET"),
        ("/callback", "GET"),
        ("/assets/app-0123456789abcdef.js", "GET,HEAD"),
        ("/sign-out", "POST"),
        ("/backchannel-logout", "POST"),
    ] {
        let headers = [("x-csrf", "1")];
        let answer = app.browser().send(Method::PATCH, path, &headers, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, allowed),
            "{path}"
        );
    }
}
