//! What whoever collects traces gets to see, and what not.

use crate::{
    program::Running,
    support::{APP_SECRET, COOKIE_SECRET, Collector, HostileApp, nothing},
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

/// The one of W3C Trace Context, section 3.2.3.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_and_what_it_asks_for_is_within_it() {
    let collector = Collector::start().await;
    let app = HostileApp::start(nothing()).await;
    let mut settings: Vec<_> = app
        .settings
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    settings.push(("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.server.url));
    let bff = Running::start(&settings);
    let mut browser = app.browser().led_to(&format!("http://{}", bff.address));
    let callback = app.sign_in_until_callback(&mut browser).await;
    assert_eq!(browser.visit(&callback).await.location(), "/");
    assert!(browser.sub().await.is_some());
    let session_id = browser.session_id().unwrap().to_owned();
    bff.stop();

    let request = collector.only("GET /callback");
    assert!(request.is_server() && request.service.contains("\"bff\""));
    assert_eq!(
        request.says("http.response.status_code"),
        "Some(IntValue(303))"
    );
    assert_eq!(
        request.says("http.route"),
        "Some(StringValue(\"/callback\"))"
    );
    assert!(!request.is_error());
    assert!(!collector.only("token").is_server());
    assert_eq!(collector.within(&request, "token"), 1);
    assert_eq!(collector.within(&request, "insert"), 1);
    let status = collector.only("GET /api/auth/status");
    assert_ne!(status.span.trace_id, request.span.trace_id);
    assert_eq!(collector.within(&status, "get"), 1);

    let sent = String::from_utf8_lossy(&collector.bytes()).into_owned();
    let id_token = app.last_id_token();
    let query = callback.split_once('?').unwrap().1;
    for secret in query.split('&').filter_map(|pair| pair.split_once('=')) {
        assert!(
            secret.0 == "iss" || !sent.contains(secret.1),
            "{}",
            secret.0
        );
    }
    for secret in [&session_id, &id_token, APP_SECRET, COOKIE_SECRET] {
        assert!(!sent.contains(secret));
    }
}

/// Asks for a sign-in with a `traceparent`, and hangs up on the question to the provider that comes of it; answers what
/// trace that question named.
fn sign_in_that_fails(bff: &Running, provider: &TcpListener) -> String {
    let mut visit = TcpStream::connect(bff.address).unwrap();
    let head = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close";
    write!(
        visit,
        "{head}\r\ntraceparent: 00-{TRACE}-{PARENT}-01\r\n\r\n"
    )
    .unwrap();
    let head = BufReader::new(provider.accept().unwrap().0).lines();
    let mut headers = head.map(Result::unwrap).take_while(|line| !line.is_empty());
    let named = headers.find_map(|line| Some(line.strip_prefix("traceparent: ")?.to_owned()));
    drop(headers);
    let answer = std::io::read_to_string(visit).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    named.expect("a traceparent")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_on_at_the_provider_and_begins_at_a_trusted_proxy_only() {
    for (trusted, parent) in [("127.0.0.0/8", PARENT), ("192.0.2.1/32", "")] {
        let collector = Collector::start().await;
        let provider = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", provider.local_addr().unwrap());
        let bff = Running::start(&[
            ("LOGTO_ENDPOINT", &endpoint),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.server.url),
            ("OTEL_SERVICE_NAME", "bookstore"),
            ("TRUSTED_PROXIES", trusted),
        ]);
        let named = sign_in_that_fails(&bff, &provider);
        bff.stop();

        let request = collector.only("GET /sign-in");
        let question = collector.only("discovery");
        assert_eq!(named, question.as_parent());
        assert!(question.is_error() && request.is_error());
        assert_eq!(
            question.says("error.type"),
            "Some(StringValue(\"unreachable\"))"
        );
        assert_eq!(collector.within(&request, "discovery"), 1);
        assert!(request.service.contains("\"bookstore\""));
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
async fn a_collector_that_is_away_is_noted_once_and_keeps_nobody_waiting() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/otlp", nobody.local_addr().unwrap());
    drop(nobody);
    let bff = Running::start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &address),
        ("OTEL_BSP_SCHEDULE_DELAY", "10"),
    ]);
    for _ in 0..2 {
        let answer = std::io::read_to_string(bff.visit("/api/auth/status")).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let line = bff.logged("traces.not_sent");
    assert!(line.contains("WARN") && !line.contains("/otlp"), "{line}");
    let answer = std::io::read_to_string(bff.visit("/api/auth/status")).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let rest = bff.stop();
    assert!(!rest.contains("traces.not_sent"), "{rest}");
}
