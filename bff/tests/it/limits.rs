//! What one client may take: requests in a minute, time to ask, size of a question.

use crate::support::{CapturedLog, TestApp, TestBrowser, wire};
use reqwest::Method;
use time::Duration;
use tracing::Level;

async fn app(limit: &str) -> TestApp {
    let app = TestApp::start_with(&[
        ("SIGN_IN_REQUESTS_PER_MINUTE", limit),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ])
    .await;
    near_the_end_of_a_minute(&app);
    app
}

/// Ten seconds later the next minute begins.
fn near_the_end_of_a_minute(app: &TestApp) {
    let second = app.clock.unix().rem_euclid(60);
    app.clock.advance(Duration::seconds(110 - second));
}

async fn visit_from(browser: &mut TestBrowser, address: &str, url: &str) -> u16 {
    let headers = [
        ("x-forwarded-for", address),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let answer = browser.send(Method::GET, url, &headers, "").await;
    if answer.status.as_u16() == 429 {
        assert_eq!(answer.header("retry-after"), "60");
        assert!(answer.body.contains("rate_limited"), "{}", answer.body);
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn t17_sign_ins_of_one_address_are_limited_and_those_of_others_are_not() {
    let app = app("3").await;
    let mut browser = app.browser();
    for _ in 0..3 {
        assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
    }
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 429);
    let spoofed = "198.51.100.9, 192.0.2.1";
    assert_eq!(visit_from(&mut browser, spoofed, "/sign-in").await, 429);
    assert_eq!(
        visit_from(&mut browser, "192.0.2.1", "/callback").await,
        429
    );
    assert_eq!(visit_from(&mut browser, "192.0.2.2", "/sign-in").await, 303);
    assert_eq!(
        visit_from(&mut browser, "192.0.2.1", "/").await,
        200,
        "other pages are free"
    );

    app.clock.advance(Duration::seconds(10));
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
}

#[tokio::test]
async fn t17_an_ipv6_subscriber_is_one_whatever_address_is_taken() {
    let app = app("1").await;
    let mut browser = app.browser();
    assert_eq!(
        visit_from(&mut browser, "2001:db8::1", "/sign-in").await,
        303
    );
    assert_eq!(
        visit_from(&mut browser, "2001:db8::ffff:2", "/sign-in").await,
        429
    );
    assert_eq!(
        visit_from(&mut browser, "2001:db8:0:1::1", "/sign-in").await,
        303
    );
}

#[tokio::test]
async fn a_callback_that_was_refused_works_when_it_is_loaded_again() {
    let app = app("1").await;
    let mut browser = app.browser();
    let callback = browser
        .sign_in_until_callback(&app, "8613900000000", "/books")
        .await;
    assert_eq!(browser.visit(&callback).await.status.as_u16(), 429);
    assert_eq!(browser.sub().await, None);
    app.clock.advance(Duration::seconds(10));
    assert_eq!(browser.visit(&callback).await.location(), "/books");
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn t17_without_a_trusted_proxy_nobody_chooses_an_address() {
    let app = TestApp::start_with(&[("SIGN_IN_REQUESTS_PER_MINUTE", "1")]).await;
    near_the_end_of_a_minute(&app);
    let mut browser = app.browser();
    assert_eq!(visit_from(&mut browser, "192.0.2.1", "/sign-in").await, 303);
    assert_eq!(visit_from(&mut browser, "192.0.2.2", "/sign-in").await, 429);
}

#[tokio::test]
async fn b206_a_head_that_is_too_large_is_refused_and_the_next_one_is_read() {
    let app = TestApp::start().await;
    let many = |count: usize| {
        let headers: Vec<_> = (0..count)
            .map(|number| format!("x-{number}: x\r\n"))
            .collect();
        headers.concat()
    };
    let cookies = |count: usize| {
        let pairs: Vec<_> = (0..count).map(|number| format!("c{number}=x")).collect();
        format!("Cookie: {}\r\n", pairs.join("; "))
    };
    for (name, headers, status) in [
        (
            "100 KiB in one header",
            format!("x: {}\r\n", "x".repeat(100 * 1024)),
            431,
        ),
        ("1,000 headers", many(1_000), 431),
        ("100 headers and no more", many(98), 200),
        (
            "a cookie of 8 KiB",
            format!("Cookie: session={}\r\n", "x".repeat(8 * 1024)),
            200,
        ),
        ("1,000 cookies", cookies(1_000), 200),
        ("cookies of 100 KiB", cookies(14_000), 431),
    ] {
        let request = format!(
            "GET /api/auth/status HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"
        );
        let answer = wire::ask(app.address(), request).await;
        assert_eq!(wire::status_of(&answer), Some(status), "{name}: {answer}");
        assert_eq!(
            app.browser().fetch("/api/auth/status").await.status,
            200,
            "{name}"
        );
    }
}

#[tokio::test]
async fn b214_a_field_of_100_kib_is_cut_off_and_one_of_15_kib_is_read() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for (length, statuses) in [(100 * 1024, [431, 413]), (15 * 1024, [303, 400])] {
        let field = "a".repeat(length);
        for name in [
            "returnTo",
            "loginHint",
            "uiLocales",
            "directSignIn",
            "prompt",
            "state",
            "code",
        ] {
            for path in ["/sign-in", "/callback"] {
                let request = format!(
                    "GET {path}?{name}={field} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                );
                let status = wire::status_of(&wire::ask(app.address(), request).await).unwrap();
                assert!(
                    statuses.contains(&status),
                    "{path} {name} {length}: {status}"
                );
            }
        }
        let signed_out = browser
            .post("/sign-out", &format!("{{\"x\":\"{field}\"}}"))
            .await;
        assert!(statuses.contains(&signed_out.status.as_u16()), "{length}");
    }
    assert_eq!(browser.visit("/").await.status, 200);
}

#[tokio::test]
async fn b215_a_bad_request_is_two_short_lines_in_the_log_and_none_of_its_own() {
    let app = TestApp::start_with(&[("SIGN_IN_REQUESTS_PER_MINUTE", "0")]).await;
    let log = CapturedLog::default();
    let captured = log.begin(Level::INFO);
    let mut browser = app.browser();
    let count = 500;
    for _ in 0..count {
        for target in [
            "/callback?state=%1b%5b31mred%0aevent=forged&code=x",
            "/%1b%5b31mred%0aevent=forged.txt",
        ] {
            browser.visit_bytes(target.as_bytes()).await;
        }
    }
    drop(captured);
    let text = log.text();
    let longest = text.lines().map(str::len).max().unwrap();
    assert!(
        text.lines().count() <= 2 * 2 * count,
        "{}",
        text.lines().count()
    );
    assert!(longest < 300, "{longest}");
    assert!(!text.contains('\u{1b}'));
    assert!(text.lines().all(|line| !line.starts_with("event=forged")));
}

#[tokio::test]
async fn b215_a_long_path_a_long_method_and_a_terminals_command_stay_one_short_line() {
    let app = TestApp::start().await;
    let log = CapturedLog::default();
    let captured = log.begin(Level::INFO);
    let endless = "a".repeat(20_000);
    let requests = [
        format!("GET /{endless} HTTP/1.1"),
        format!("{endless} / HTTP/1.1"),
        // In UTF-8 this is U+009B, by which a command to a terminal begins, too.
        "GET /\u{9b}31m HTTP/1.1".to_owned(),
    ];
    for request in &requests {
        let request = format!("{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        wire::ask(app.address(), request).await;
    }
    drop(captured);
    let text = log.text();
    assert_eq!(text.matches("event=\"request\"").count(), requests.len());
    let longest = text.lines().map(str::len).max().unwrap();
    assert!(longest < 500, "{longest}");
    let visible = |character: char| character == '\n' || matches!(character, ' '..='~');
    assert!(text.chars().all(visible), "{text}");
}
