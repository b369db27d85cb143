//! Faults of the provider at each endpoint, told in one table: the problem is the expected one, nothing panics, and
//! the next good answer is used.

use crate::support::{CapturedLog, Endpoint, HostileApp, Reply, TestBrowser, at, nothing};
use shared::{ProblemCode, path};
use time::Duration;
use tracing::Level;

/// What is wrong with an answer that should have been right.
type Fault = (&'static str, fn(&mut Reply));

/// A refusal: the provider says no.
const REFUSALS: &[Fault] = &[
    ("b221 400", |reply| refuse(reply, 400)),
    ("b221 403", |reply| refuse(reply, 403)),
    ("b221 404", |reply| refuse(reply, 404)),
    ("b176 302", |reply| reply.moved("/elsewhere")),
    ("b176 307", |reply| {
        reply.moved("/elsewhere");
        reply.status = 307;
    }),
];

/// A fault that passes: the provider is not well.
const OUTAGES: &[Fault] = &[
    ("b221 429", |reply| {
        refuse(reply, 429);
        reply.header("retry-after", "1");
    }),
    ("b221 500", |reply| refuse(reply, 500)),
    ("b221 502", |reply| refuse(reply, 502)),
    ("b221 503", |reply| refuse(reply, 503)),
    ("b222 content-length too large", |reply| {
        reply.header("content-length", "100000");
    }),
    ("t12 an answer of 1 MiB and more", |reply| {
        reply.raw = Some(vec![b' '; (1 << 20) + 1]);
    }),
];

/// 200, and a body that nobody understands.
const NONSENSE: &[Fault] = &[
    ("b222 empty", |reply| reply.raw = Some(Vec::new())),
    ("b222 truncated", truncate),
    ("b222 content-length too small", |reply| {
        reply.header("content-length", "10");
    }),
    ("b222 HTML", |reply| reply.html(200)),
    ("b222 another content type", |reply| {
        reply.header("content-type", "text/plain");
    }),
    ("b222 a byte order mark", |reply| {
        reply.raw = Some(format!("\u{feff}{}", reply.json).into_bytes());
    }),
    ("b222 garbage said to be gzip", |reply| {
        reply.header("content-encoding", "gzip");
        reply.raw = Some(vec![0x1f, 0x8b, 0xff, 0xff]);
    }),
    ("b222 null", |reply| reply.raw = Some(b"null".to_vec())),
    ("b222 deep", |reply| {
        reply.raw = Some("[".repeat(100_000).into_bytes());
    }),
    ("b222 not UTF-8", |reply| {
        reply.raw = Some(b"{\"a\":\"\xff\"}".to_vec());
    }),
];

fn refuse(reply: &mut Reply, status: u16) {
    reply.status = status;
    reply.raw = Some(br#"{"error":"a"}"#.to_vec());
}

fn truncate(reply: &mut Reply) {
    let mut body = reply.json.to_string();
    body.truncate(body.len() / 2);
    reply.raw = Some(body.into_bytes());
}

/// While nothing is known, discovery and keys are all that a sign-in needs.
#[tokio::test]
async fn b221_b222_discovery_at_the_first_sign_in() {
    at_the_first_sign_in(Endpoint::Discovery).await;
}

#[tokio::test]
async fn b221_b222_keys_at_the_first_sign_in() {
    at_the_first_sign_in(Endpoint::Jwks).await;
}

async fn at_the_first_sign_in(endpoint: Endpoint) {
    for (name, spoil) in [REFUSALS, OUTAGES, NONSENSE].concat() {
        let app = HostileApp::start(at(endpoint, spoil)).await;
        let mut browser = app.browser();
        let answer = browser.visit("/sign-in").await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (503, ""),
            "{name}"
        );
        assert_eq!(answer.header("retry-after"), "5", "{name}");
        assert!(browser.cookies.is_empty(), "{name}");
        assert_alive(&app).await;
    }
}

/// When something is known, a refusal or nonsense does not take it away.
#[tokio::test]
async fn b221_b222_discovery_and_keys_while_the_old_ones_are_known() {
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        let app = HostileApp::start(nothing()).await;
        for (name, spoil) in [REFUSALS, NONSENSE].concat() {
            assert_alive(&app).await;
            app.spoil(at(endpoint, spoil));
            app.clock.advance(Duration::seconds(600));
            assert_eq!(app.sign_in(&mut app.browser()).await, "/", "{name}");
        }
    }
}

#[tokio::test]
async fn b221_b222_the_token_endpoint() {
    let app = HostileApp::start(nothing()).await;
    for (faults, code) in [
        (REFUSALS, ProblemCode::CodeRefused),
        (OUTAGES, ProblemCode::ProviderUnavailable),
        (NONSENSE, ProblemCode::CodeRefused),
    ] {
        for (name, spoil) in faults {
            app.spoil(at(Endpoint::Token, spoil));
            let mut browser = app.browser();
            let landed = app.sign_in(&mut browser).await;
            let expected = format!("{}?reason={}", path::SIGN_IN_FAILED, code.as_str());
            assert_eq!(landed, expected, "{name}");
            assert_eq!(browser.sub().await, None, "{name}");
            assert_alive(&app).await;
        }
    }
}

#[tokio::test]
async fn b221_b222_userinfo() {
    let (app, mut browser) = signed_in().await;
    for (name, spoil) in [REFUSALS, OUTAGES, NONSENSE].concat() {
        app.spoil(at(Endpoint::UserInfo, spoil));
        assert_user_info(&app, &mut browser, 503, name).await;
        app.spoil(nothing());
        assert_user_info(&app, &mut browser, 200, name).await;
        // So that the next answer is the provider's.
        app.clock.advance(Duration::seconds(5));
    }
}

/// A provider that gave no answer may have spent the refresh token, so each fault has a session of its own.
#[tokio::test]
async fn b221_b222_refresh() {
    for (name, spoil) in [REFUSALS, OUTAGES, NONSENSE].concat() {
        let (app, mut browser) = signed_in().await;
        app.clock.advance(Duration::hours(1));
        app.spoil(at(Endpoint::Refresh, spoil));
        assert_user_info(&app, &mut browser, 503, name).await;
        assert!(browser.sub().await.is_some(), "{name}");
        assert_eq!(app.requests(Endpoint::UserInfo), 0, "{name}");
    }
}

#[tokio::test]
async fn b122_b221_b222_revocation_does_not_hold_up_a_sign_out() {
    for (name, spoil) in [REFUSALS, OUTAGES, NONSENSE].concat() {
        let (app, mut browser) = signed_in().await;
        app.spoil(at(Endpoint::Revocation, spoil));
        let answer = browser.post("/sign-out", "{}").await;
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(app.requests(Endpoint::Revocation), 1, "{name}");
        assert_eq!(browser.sub().await, None, "{name}");
    }
}

/// An operator reads what was wrong, and nothing of the answer: it may hold a token.
#[tokio::test]
async fn t12_a_wrong_answer_is_not_repeated_in_the_log() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::TRACE);
    let marked = |reply: &mut Reply| {
        reply.raw = Some(br#"{"access_token":"hidden-mark","issuer":"hidden-mark","sub":"hidden-mark","keys":["hidden-mark"#.to_vec());
    };
    let app = HostileApp::start(nothing()).await;
    for endpoint in [
        Endpoint::Token,
        Endpoint::UserInfo,
        Endpoint::Refresh,
        Endpoint::Jwks,
        Endpoint::Discovery,
    ] {
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.clock.advance(Duration::hours(1));
        app.spoil(at(endpoint, marked));
        app.user_info(&mut browser).await;
        // Another browser: a session that is replaced is revoked, and of this one the provider's newest token was lost.
        app.sign_in(&mut app.browser()).await;
        assert_alive(&app).await;
    }
    let text = log.text();
    assert!(
        text.contains("discovery.failed") && text.contains("request.failed"),
        "{text}"
    );
    let line = text.lines().find(|line| line.contains("hidden-mark"));
    assert_eq!(line, None);
}

/// The answer is there when our patience ends, not when the provider's does.
#[tokio::test]
async fn b220_a_token_endpoint_that_hangs() {
    let app = HostileApp::start(at(Endpoint::Token, |reply| reply.held = true)).await;
    let mut browser = app.browser();
    let landed = app.sign_in(&mut browser).await;
    assert_eq!(landed, "/sign-in-failed?reason=provider_unavailable");
    assert_eq!(browser.sub().await, None);
}

#[tokio::test]
async fn b220_discovery_and_keys_that_hang() {
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        let app = HostileApp::start(at(endpoint, |reply| reply.held = true)).await;
        let answer = app.browser().visit("/sign-in").await;
        assert_eq!((answer.status.as_u16(), answer.location()), (503, ""));
    }
}

async fn signed_in() -> (HostileApp, TestBrowser) {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    (app, browser)
}

async fn assert_user_info(app: &HostileApp, browser: &mut TestBrowser, status: u16, name: &str) {
    let answer = app.user_info(browser).await;
    assert_eq!(answer.status, status, "{name}: {}", answer.body);
}

/// As soon as the provider is well, a sign-in works.
async fn assert_alive(app: &HostileApp) {
    app.spoil(nothing());
    app.clock.advance(Duration::seconds(30));
    assert_eq!(app.sign_in(&mut app.browser()).await, "/");
}
