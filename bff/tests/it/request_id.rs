//! Each answer names its request, and so does each line of the log that the request has left.

use crate::support::{Answer, CapturedLog, HostileApp, TestApp, nothing};
use reqwest::Method;
use std::collections::HashSet;
use time::Duration;

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    let id = answer.header("x-request-id");
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    id.to_owned()
}

#[tokio::test]
async fn a_client_does_not_choose_the_name_of_its_request() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let chosen = "0123456789abcdef";
    let headers = [("x-request-id", chosen), ("x-correlation-id", chosen)];
    let log = CapturedLog::default();
    let guard = log.begin(tracing::Level::INFO);
    let mut seen = HashSet::from([chosen.to_owned()]);
    for path in ["/", "/sign-in", "/nothing.txt", "/api/auth/user-info"] {
        let answer = browser.send(Method::GET, path, &headers, "").await;
        assert!(seen.insert(id_of(&answer)), "{path}");
    }
    let of_operators = app.operator().fetch("/readyz").await;
    assert!(seen.insert(id_of(&of_operators)));
    drop(guard);
    assert!(!log.text().contains(chosen));
}

/// The refresh goes on in a task of its own.
#[tokio::test]
async fn every_line_of_a_request_carries_its_name() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.clock.advance(Duration::hours(1));
    let log = CapturedLog::default();
    let guard = log.begin(tracing::Level::INFO);
    let answer = app.user_info(&mut browser).await;
    drop(guard);

    let text = log.text();
    for event in ["refresh.done", "request"] {
        let event = format!("event=\"{event}\"");
        let line = text.lines().find(|line| line.contains(&event)).unwrap();
        let name = format!("request{{request_id={}}}", id_of(&answer));
        assert!(line.contains(&name), "{line}");
    }
    let nameless = text.lines().find(|line| !line.contains("request_id="));
    assert_eq!(nameless, None);
}
