//! A person comes by another host name than that of `BASE_URL`.

use crate::support::{CapturedLog, TestApp};
use reqwest::Method;
use tracing::Level;

const PAGE: (&str, &str) = ("accept", "text/html");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn q12_a_visit_is_led_to_base_url_before_anything_is_set() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let mut browser = app.browser();
    for (method, host, path) in [
        (Method::GET, "www.app.example", "/"),
        (Method::GET, "127.0.0.1:3000", "/sign-in?returnTo=%2Fbooks"),
        (Method::GET, "localhost:3000", "/callback?code=a&state=b"),
        (Method::HEAD, "www.app.example", "/books?page=2"),
        (Method::GET, "app.example:8443", "/a//evil.example"),
    ] {
        let headers = [PAGE, ("host", host)];
        let answer = browser.send(method, path, &headers, "").await;
        let expected = format!("https://app.example{path}");
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (308, &*expected),
            "{host}"
        );
        assert_eq!(answer.header("set-cookie"), "");
        assert!(log.text().contains(&format!("host {host} is not BASE_URL")));
    }
    for headers in [
        &[PAGE, ("host", "APP.example:443")][..],
        &[("accept", "application/json"), ("host", "10.0.0.7:3000")],
        &[
            PAGE,
            ("host", "app.example"),
            ("x-forwarded-host", "www.app.example"),
        ],
    ] {
        let answer = browser.send(Method::GET, "/", headers, "").await;
        assert_eq!(answer.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn q12_a_trusted_proxy_may_name_the_host() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let public = app.base_url().strip_prefix("http://").unwrap().to_owned();
    let mut browser = app.browser();
    for (host, forwarded, status) in [
        ("upstream", &*public, 200),
        (&*public, "www.app.example", 308),
        ("upstream", "www.app.example", 308),
    ] {
        let headers = [PAGE, ("host", host), ("x-forwarded-host", forwarded)];
        let answer = browser.send(Method::GET, "/", &headers, "").await;
        assert_eq!(answer.status.as_u16(), status, "{host} {forwarded}");
    }
}

#[tokio::test]
async fn q12_a_form_that_is_refused_names_both_hosts_on_a_page() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let headers = [
        PAGE,
        FORM,
        ("host", "www.app.example"),
        ("origin", "https://www.app.example"),
    ];
    let answer = app
        .browser()
        .send(Method::POST, "/sign-out", &headers, "")
        .await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("<!doctype html>"), "{}", answer.body);
    for host in ["www.app.example", "https://app.example"] {
        assert!(answer.body.contains(host), "{}", answer.body);
    }
}
