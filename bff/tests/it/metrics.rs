//! What operators count: each thing that happens, and nothing of whom it happened to.

use crate::support::{
    APP_SECRET, COOKIE_SECRET, Endpoint, HostileApp, TestApp, TestBrowser, at, nothing,
};
use reqwest::Method;
use serde_json::json;
use std::{collections::HashMap, collections::HashSet};
use time::Duration;

const PHONE: &str = "8613987654321";

/// A scrape: the value of each series, by its name with its labels as they are written.
struct Scrape(HashMap<String, f64>);

impl Scrape {
    async fn of(mut operator: TestBrowser) -> (Self, String) {
        let answer = operator.fetch("/metrics").await;
        assert_eq!(answer.status, 200);
        let kind = answer.header("content-type");
        assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
        (Self(parse(&answer.body)), answer.body)
    }

    fn of_series(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or_default()
    }
}

/// Reads the text format line by line, and takes nothing that is not exactly in it.
fn parse(text: &str) -> HashMap<String, f64> {
    let (mut helped, mut series) = (HashSet::new(), HashMap::new());
    let mut typed = "";
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(words.len() > 10, "{line}");
            assert!(helped.insert(name), "{name} is described twice");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert!(helped.contains(name), "{name} is not described");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(name.starts_with("bff_"), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            typed = name;
        } else {
            let (labelled, value) = line.rsplit_once(' ').unwrap();
            let name = labelled.split('{').next().unwrap();
            let of_histogram = ["_bucket", "_sum", "_count"];
            let base = of_histogram.iter().find_map(|end| name.strip_suffix(end));
            assert!(name == typed || base == Some(typed), "{line}");
            check_labels(&labelled[name.len()..]);
            let value: f64 = value.parse().unwrap();
            assert!(value >= 0.0, "{line}");
            assert_eq!(series.insert(labelled.to_owned(), value), None, "{line}");
        }
    }
    series
}

/// `{name="value",…}` with values that are words of ours, routes or bounds of buckets.
fn check_labels(labels: &str) {
    if labels.is_empty() {
        return;
    }
    let inside = labels.strip_prefix('{').and_then(|l| l.strip_suffix('}'));
    for label in inside.unwrap().split(',') {
        let (name, value) = label.split_once('=').unwrap();
        let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
        let plain = |text: &str, further: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || further.contains(c))
        };
        assert!(plain(name, "_"), "{labels}");
        assert!(plain(value.unwrap(), "_-+./{}* "), "{labels}");
        assert!(value.unwrap().len() < 40, "{labels}");
    }
}

#[tokio::test]
async fn a_sign_in_and_a_refused_callback_are_counted_and_say_nothing_of_the_person() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let code = app.code_for(PHONE);
    browser.go(&callback).await;
    let again = browser.visit(&callback).await;
    assert_eq!(again.location(), "/");

    let (scrape, text) = Scrape::of(app.operator()).await;
    let is = |series: &str, value: f64| {
        assert!((scrape.of_series(series) - value).abs() < 0.1, "{series}");
    };
    is(r#"bff_sign_ins_total{outcome="done"}"#, 1.0);
    is(r#"bff_sign_ins_total{outcome="unknown_sign_in"}"#, 1.0);
    is(
        r#"bff_requests_total{method="GET",route="/callback",status="3xx"}"#,
        2.0,
    );
    is(r#"bff_provider_seconds_count{endpoint="token"}"#, 1.0);
    is(r#"bff_provider_seconds_count{endpoint="jwks"}"#, 1.0);
    is(r#"bff_store_seconds_count{operation="insert"}"#, 1.0);
    // A store that dies after the session is there must not spoil the answer.
    is(r#"bff_store_seconds_count{operation="replace"}"#, 0.0);

    let query = url::Url::parse(&callback).unwrap();
    let mut secrets: Vec<_> = query
        .query_pairs()
        .filter(|(name, _)| name != "iss")
        .map(|(_, value)| value.into_owned())
        .collect();
    let (sub, id) = (browser.sub().await.unwrap(), browser.session_id().unwrap());
    secrets.extend([sub, id.to_owned(), format!("\"{code}\"")]);
    secrets.extend([PHONE, APP_SECRET, COOKIE_SECRET, "localhost", "127.0.0.1"].map(String::from));
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn what_a_client_chooses_becomes_no_label() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in ["/chosen-1", "/assets/chosen-2", "/api/chosen-3"] {
        browser.visit(path).await;
    }
    let session = "/api/auth/sessions/chosen-4";
    let csrf = [("x-csrf", "1")];
    browser.send(Method::DELETE, session, &csrf, "").await;
    let method = Method::from_bytes(b"CHOSEN").unwrap();
    browser.send(method, "/sign-in", &csrf, "").await;

    let (scrape, text) = Scrape::of(app.operator()).await;
    assert!(!text.to_lowercase().contains("chosen"), "{text}");
    for series in [
        r#"bff_requests_total{method="GET",route="/api/{*path}",status="4xx"}"#,
        r#"bff_requests_total{method="DELETE",route="/api/auth/sessions/{id}",status="4xx"}"#,
        r#"bff_requests_total{method="other",route="/sign-in",status="4xx"}"#,
    ] {
        assert!(scrape.0.contains_key(series), "{series} in {text}");
    }
}

#[tokio::test]
async fn refreshes_and_faults_of_the_provider_are_counted_by_how_they_end() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    assert_eq!(app.user_info(&mut browser).await.status, 200);

    app.clock.advance(Duration::hours(1));
    app.spoil(at(Endpoint::Refresh, |reply| reply.status = 503));
    assert_eq!(app.user_info(&mut browser).await.status, 503);

    app.clock.advance(Duration::hours(1));
    app.spoil(at(Endpoint::Refresh, |reply| {
        reply.status = 400;
        reply.json = json!({"error": "invalid_grant"});
        reply.id_token = None;
    }));
    assert_eq!(app.user_info(&mut browser).await.status, 401);

    let (scrape, text) = Scrape::of(app.operator()).await;
    for (series, value) in [
        (r#"bff_refreshes_total{outcome="done"}"#, 1.0),
        (r#"bff_refreshes_total{outcome="fault"}"#, 1.0),
        (r#"bff_refreshes_total{outcome="refused"}"#, 1.0),
        ("bff_lease_wait_seconds_count", 3.0),
        (
            r#"bff_provider_faults_total{endpoint="token",kind="fault"}"#,
            1.0,
        ),
    ] {
        let counted = scrape.of_series(series);
        assert!((counted - value).abs() < 0.1, "{series} in {text}");
    }
}

#[tokio::test]
async fn logout_tokens_webhooks_and_open_streams_are_counted() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mut stream = browser.events().await;
    let (scrape, _) = Scrape::of(app.operator()).await;
    assert!(scrape.of_series("bff_event_streams") > 0.9);

    let token = app.logout_token(|_| {});
    for status in [200, 400] {
        assert_eq!(app.back_channel_logout(&token).await.status, status);
    }
    while stream.next().await.is_some() {}
    let webhook = "/webhooks/logto";
    app.browser().send(Method::POST, webhook, &[], "").await;

    let (scrape, text) = Scrape::of(app.operator()).await;
    for (series, value) in [
        (r#"bff_back_channel_logouts_total{outcome="done"}"#, 1.0),
        (
            r#"bff_back_channel_logouts_total{outcome="invalid_logout_token"}"#,
            1.0,
        ),
        (r#"bff_webhooks_total{outcome="not_found"}"#, 1.0),
        ("bff_event_streams", 0.0),
    ] {
        let counted = scrape.of_series(series);
        assert!((counted - value).abs() < 0.1, "{series} in {text}");
    }
}

#[tokio::test]
async fn metrics_are_not_for_the_public() {
    let app = TestApp::start().await;
    for method in [Method::GET, Method::HEAD] {
        let answer = app.browser().send(method, "/metrics", &[], "").await;
        assert_eq!(answer.status, 404);
    }
    let answer = app.browser().visit("/metrics").await;
    assert_eq!(answer.status, 404);
    assert!(!answer.body.contains("bff_"));
}
