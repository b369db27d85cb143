//! What whoever collects traces gets to see, and what not.

use crate::{
    program::Running,
    support::{APP_SECRET, COOKIE_SECRET, Collector, Endpoint, HostileApp, TestBrowser, nothing},
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

/// The one of W3C Trace Context, section 3.2.3.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// The program beside this app, with its settings and its provider, and a browser that is led there.
fn start_beside(app: &HostileApp, collector: &Collector) -> (Running, TestBrowser) {
    let settings = app.settings.iter();
    let mut settings: Vec<_> = settings.map(|(name, value)| (*name, &**value)).collect();
    settings.push(("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint));
    let bff = Running::start(&settings);
    let browser = app.browser().led_to(&format!("http://{}", bff.address));
    (bff, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_and_what_it_asks_for_is_within_it() {
    let (collector, app) = (Collector::start().await, HostileApp::start(nothing()).await);
    let (bff, mut browser) = start_beside(&app, &collector);
    let callback = app.sign_in_until_callback(&mut browser).await;
    assert_eq!(browser.visit(&callback).await.location(), "/");
    assert!(browser.sub().await.is_some());
    browser.post("/sign-out", "{}").await;
    bff.stop();

    let request = collector.only("GET /callback");
    assert!(request.is_server() && !request.is_error());
    assert_eq!(request.service, "bff");
    assert_eq!(request.says("http.response.status_code"), "303");
    assert_eq!(request.says("http.route"), "/callback");
    assert!(!collector.only("provider token").is_server());
    assert_eq!(collector.within(&request, "provider token"), 1);
    assert_eq!(collector.within(&request, "store insert"), 1);
    let status = collector.only("GET /api/auth/status");
    assert_ne!(status.span.trace_id, request.span.trace_id);
    assert_eq!(collector.within(&status, "store get"), 1);
    // In a task, which may go on after the answer.
    let sign_out = collector.only("POST /sign-out");
    assert_eq!(collector.within(&sign_out, "provider revocation"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_span_holds_a_secret_or_a_person() {
    let (collector, app) = (Collector::start().await, HostileApp::start(nothing()).await);
    let (bff, mut browser) = start_beside(&app, &collector);
    let callback = app.sign_in_until_callback(&mut browser).await;
    browser.visit(&callback).await;
    let sub = browser.sub().await.unwrap();
    let session_id = browser.session_id().unwrap().to_owned();
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    browser.visit("/no-such-page?q=word-of-a-person").await;
    let sessions = browser.fetch("/api/auth/sessions").await.json();
    let handle = sessions["sessions"][0]["id"].as_str().unwrap().to_owned();
    browser
        .delete(&format!("/api/auth/sessions/{handle}"))
        .await;
    bff.stop();

    let sent = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(sent.contains("/api/auth/sessions/{id}"), "spans are there");
    let query = callback.split_once('?').unwrap().1.split('&');
    let values =
        query.filter_map(|pair| pair.strip_prefix("code=").or(pair.strip_prefix("state=")));
    let asked = app.requests(Endpoint::UserInfo);
    assert_eq!((values.clone().count(), asked), (2, 1));
    let id_token = app.last_id_token();
    let secrets = [&sub, &session_id, &handle, &id_token].map(String::as_str);
    let words = [
        APP_SECRET,
        COOKIE_SECRET,
        "no-such-page",
        "word-of-a-person",
    ];
    for secret in values.chain(secrets).chain(words) {
        assert!(!sent.contains(secret), "{secret}");
    }
}

/// Asks for a sign-in with a `traceparent`, and hangs up on the question to the provider that comes of it, and when it is
/// asked once more; answers what trace that question named.
fn sign_in_that_fails(bff: &Running, provider: &TcpListener) -> String {
    let mut visit = TcpStream::connect(bff.address).unwrap();
    let head = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close";
    let trace = format!("traceparent: 00-{TRACE}-{PARENT}-01\r\ntracestate: a=b");
    write!(visit, "{head}\r\n{trace}\r\n\r\n").unwrap();
    let asked = BufReader::new(provider.accept().unwrap().0).lines();
    let lines = asked.map(Result::unwrap);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(!head.iter().any(|line| line.starts_with("tracestate")));
    drop(provider.accept().unwrap());
    let mut lines = head.iter();
    let named = lines.find_map(|line| line.strip_prefix("traceparent: "));
    let answer = std::io::read_to_string(visit).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    named.expect("a traceparent").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_on_at_the_provider_and_begins_at_a_trusted_proxy_only() {
    for (trusted, parent) in [("127.0.0.0/8", PARENT), ("192.0.2.1/32", "")] {
        let collector = Collector::start().await;
        let provider = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", provider.local_addr().unwrap());
        let bff = Running::start(&[
            ("LOGTO_ENDPOINT", &endpoint),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint),
            ("OTEL_SERVICE_NAME", "bookstore"),
            ("TRUSTED_PROXIES", trusted),
            ("RUST_LOG", "bff=info"),
        ]);
        let named = sign_in_that_fails(&bff, &provider);
        bff.stop();

        let request = collector.only("GET /sign-in");
        let question = collector.only("provider discovery");
        assert_eq!(named, question.as_parent());
        assert!(question.is_error() && request.is_error());
        assert_eq!(question.says("error.type"), "unreachable");
        assert_eq!(request.says("error.type"), "503");
        assert_eq!(collector.within(&request, "provider discovery"), 1);
        assert_eq!(request.service, "bookstore");
        assert_eq!(
            hex::encode(&request.span.parent_span_id),
            parent,
            "{trusted}"
        );
        let is_the_proxys = hex::encode(&request.span.trace_id) == TRACE;
        assert_eq!(is_the_proxys, !parent.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_level_trace_is_no_trace() {
    let provider = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", provider.local_addr().unwrap());
    let bff = Running::start(&[("LOGTO_ENDPOINT", &endpoint), ("RUST_LOG", "bff=trace")]);
    let visit = bff.visit("/sign-in");
    let asked = BufReader::new(provider.accept().unwrap().0).lines();
    let lines = asked.map(Result::unwrap);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(head[0].starts_with("GET /oidc/"), "{head:?}");
    assert!(!head.iter().any(|line| line.starts_with("traceparent")));
    drop(visit);
    bff.stop();
}

/// So that a story need not wait for the usual five seconds.
const SOON: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "10");

fn ask(bff: &Running) {
    let answer = std::io::read_to_string(bff.visit("/api/auth/status")).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_takes_nothing_is_noted_once_until_it_takes_again() {
    let collector = Collector::start().await;
    collector.take(false);
    let bff = Running::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.endpoint), SOON]);
    ask(&bff);
    let line = bff.logged("traces.not_sent");
    assert!(
        line.contains("WARN") && line.contains("status 400"),
        "{line}"
    );
    ask(&bff);
    std::thread::sleep(std::time::Duration::from_millis(500));
    collector.take(true);
    ask(&bff);
    let lines = bff.logged_until("traces.sent_again");
    assert!(!lines.contains("traces.not_sent"), "{lines}");
    bff.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_does_not_answer_keeps_nobody_waiting_and_lets_the_program_stop() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/otlp", silent.local_addr().unwrap());
    let bff = Running::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &address), SOON]);
    ask(&bff);
    let _asked = silent.accept().unwrap();
    for _ in 0..3 {
        ask(&bff);
    }
    let lines = bff.stop();
    assert!(lines.contains("traces.not_sent"), "{lines}");
    assert!(!lines.contains("/otlp"), "{lines}");
}
