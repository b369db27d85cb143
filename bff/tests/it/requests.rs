//! Requests that no browser sends: none is passed on, none changes who we are, none gets past a rule.

use crate::support::{TestApp, wire};
use reqwest::Method;
use tokio::{net::TcpListener, time::timeout};
use url::Url;

const CLOSE: &str = "Connection: close\r\n\r\n";

#[tokio::test]
async fn b174_a_request_for_another_server_is_not_passed_on() {
    let app = TestApp::start().await;
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = other.local_addr().unwrap();
    for request in [
        format!("GET http://{target}/secret HTTP/1.1\r\nHost: {target}\r\n{CLOSE}"),
        format!("GET http://{target}/api/auth/status HTTP/1.1\r\nHost: {target}\r\n{CLOSE}"),
        format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{CLOSE}"),
        format!("GET //{target}/ HTTP/1.1\r\nHost: {target}\r\n{CLOSE}"),
        format!("GET @{target}/ HTTP/1.1\r\nHost: {target}\r\n{CLOSE}"),
    ] {
        let answer = wire::ask(app.address(), &request).await;
        assert!(wire::status_of(&answer).is_some(), "{request} {answer}");
    }
    let nobody = timeout(std::time::Duration::ZERO, other.accept()).await;
    assert!(nobody.is_err(), "somebody was asked");
}

#[tokio::test]
async fn b180_the_host_of_a_request_is_of_no_account() {
    let app = TestApp::start().await;
    let ours = format!("{}/callback", app.base_url());
    for request in [
        "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
        "GET /sign-in HTTP/1.1\r\nHost:\r\n",
        "GET /sign-in HTTP/1.1\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: evil.example:443\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: user@evil.example\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: evil.example/path?query#fragment\r\n",
        "GET http://evil.example/sign-in HTTP/1.1\r\nHost: localhost\r\n",
        "GET https://user:password@evil.example:8443/sign-in HTTP/1.1\r\nHost: localhost\r\n",
    ] {
        let answer = wire::ask(app.address(), format!("{request}{CLOSE}")).await;
        assert!(!answer.contains("evil.example"), "{request} {answer}");
        match wire::status_of(&answer) {
            Some(400) => {}
            Some(303) => {
                let location = answer
                    .lines()
                    .find_map(|line| line.strip_prefix("location: "));
                let location: Url = location.unwrap().parse().unwrap();
                let redirect_uri = location
                    .query_pairs()
                    .find(|(name, _)| name == "redirect_uri");
                assert_eq!(redirect_uri.unwrap().1, ours, "{request}");
            }
            other => panic!("{other:?} {request} {answer}"),
        }
    }
}

/// What some proxies and frameworks take for the path, or for leave to pass.
const OTHER_PATHS: [(&str, &str); 8] = [
    ("x-original-url", "/api/auth/status"),
    ("x-rewrite-url", "/api/auth/status"),
    ("x-forwarded-uri", "/api/auth/status"),
    ("x-forwarded-path", "/api/auth/status"),
    (
        "x-middleware-subrequest",
        "middleware:middleware:middleware:middleware:middleware",
    ),
    ("x-http-method-override", "GET"),
    ("user-agent", "kube-probe/1.30"),
    ("user-agent", "ELB-HealthChecker/2.0"),
];

#[tokio::test]
async fn b182_b184_no_header_leads_to_another_path_or_past_a_rule() {
    let app = TestApp::start().await;
    for header in OTHER_PATHS {
        for (method, path, status) in [
            (Method::GET, "/api/auth/user-info", 401),
            (Method::GET, "/api/nothing", 404),
            (Method::POST, "/sign-out", 403),
        ] {
            let answer = app.browser().send(method, path, &[header], "").await;
            assert_eq!(answer.status.as_u16(), status, "{header:?} {path}");
        }
    }
}

#[tokio::test]
async fn b184_no_path_is_taken_for_a_health_check() {
    let app = TestApp::start().await;
    for path in [
        "/healthz",
        "/readyz",
        "/api/auth/user-info/healthz",
        "/api/auth/user-info/../../../healthz",
        "/api/auth/user-info;/healthz",
        "/api/auth/user-info?path=/healthz",
        "/api/auth/user-info%2f..%2fhealthz",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n{CLOSE}");
        let answer = wire::ask(app.address(), request).await;
        let status = wire::status_of(&answer);
        assert!(matches!(status, Some(401 | 404)), "{path} {answer}");
    }
}

#[tokio::test]
async fn b187_a_method_that_is_not_ours_is_refused_and_not_repeated() {
    let app = TestApp::start().await;
    let long = "A".repeat(9_000);
    for method in ["TRACE", "PROPFIND", "get", &long] {
        for path in [
            "/",
            "/sign-in",
            "/api/auth/status",
            "/assets/app-0123456789abcdef.js",
        ] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: x=secret\r\n{CLOSE}"
            );
            let answer = wire::ask(app.address(), request).await;
            let status = wire::status_of(&answer);
            assert!(
                matches!(status, Some(400..=499 | 501)),
                "{method} {path} {answer}"
            );
            assert!(
                !answer.contains("secret") && !answer.contains(&long),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn b168_no_parameter_begins_another_header() {
    let app = TestApp::start().await;
    let names = [
        "returnTo",
        "firstScreen",
        "identifiers",
        "directSignIn",
        "loginHint",
        "prompt",
        "uiLocales",
        "organizationId",
    ];
    let ends = ["%0d%0a", "%0a", "%0d", "%00", "%e5%98%8a%e5%98%8d"];
    for (name, end) in names.iter().flat_map(|name| ends.map(|end| (name, end))) {
        for target in [
            format!("/sign-in?{name}=/x{end}x-split:%20yes"),
            format!("/callback?{name}=/x{end}x-split:%20yes&state=x{end}x-split:%20yes&code=x"),
            format!("/x{end}x-split:%20yes"),
        ] {
            let answer = wire::ask(
                app.address(),
                format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{CLOSE}"),
            )
            .await;
            let (head, _) = answer.split_once("\r\n\r\n").unwrap();
            let split = head
                .split(['\r', '\n', '\0'])
                .any(|line| line.starts_with("x-split"));
            assert!(!split, "{target} {head}");
            assert!(
                matches!(wire::status_of(&answer), Some(200..=499)),
                "{target} {head}"
            );
        }
    }
}

#[tokio::test]
async fn what_the_router_cannot_read_is_refused_in_our_words() {
    let app = TestApp::start().await;
    let refused = app.browser().delete("/api/auth/sessions/%FF").await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json()["code"],
        "invalid_request",
        "{}",
        refused.body
    );
}
