//! Headers that tell browsers what no page of ours may do, on every answer whatever comes of a request.

use crate::support::{APP_SECRET, Answer, COOKIE_SECRET, TestApp, TestBrowser};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use sha2::{Digest as _, Sha256};

const PHONE: &str = "8613900000000";

/// Every kind of answer, by what it is for: a page, an asset, data, a redirect, a refusal, a fault.
async fn every_answer(app: &TestApp, browser: &mut TestBrowser) -> Vec<(&'static str, Answer)> {
    let asset = "/assets/app-0123456789abcdef.js";
    let unchanged = [("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")];
    let delete = [("x-csrf", "1")];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let large = "x".repeat(20_000);
    let mut answers = vec![
        ("200 page", browser.visit("/").await),
        ("200 data", browser.fetch("/api/auth/status").await),
        ("200 asset", browser.fetch(asset).await),
        (
            "304 asset",
            browser.send(Method::GET, asset, &unchanged, "").await,
        ),
        ("303 sign-in", browser.visit("/sign-in").await),
        (
            "303 callback",
            browser.visit("/callback?error=access_denied&state=x").await,
        ),
        ("400 page", browser.visit("/sign-in?prompt=x").await),
        ("400 data", browser.post("/sign-out", r#"{"x":1}"#).await),
        (
            "400 signed",
            browser
                .send(Method::POST, "/backchannel-logout", &form, "x")
                .await,
        ),
        ("401 data", app.browser().fetch("/api/auth/user-info").await),
        (
            "403 data",
            browser.send(Method::POST, "/sign-out", &[], "").await,
        ),
        ("404 page", browser.visit("/nothing.txt").await),
        ("404 data", browser.fetch("/api/nothing").await),
        ("404 asset", browser.fetch("/assets/nothing").await),
        (
            "404 webhook",
            browser.send(Method::POST, "/webhooks/logto", &[], "").await,
        ),
        (
            "405 data",
            browser.send(Method::DELETE, "/sign-in", &delete, "").await,
        ),
        ("413 data", browser.post("/sign-out", &large).await),
    ];
    app.break_store().await;
    answers.push(("503 page", browser.visit("/").await));
    answers.push(("503 data", browser.fetch("/api/auth/status").await));
    answers.push(("503 sign-out", browser.post("/sign-out", "{}").await));
    app.mend_store().await;
    for (name, answer) in &answers {
        assert_eq!(answer.status.as_str(), &name[..3], "{name}");
    }
    answers
}

async fn signed_in(app: &TestApp) -> TestBrowser {
    let mut browser = app.browser();
    browser.sign_in(app, PHONE, "/").await;
    browser
}

/// A file of the frontend, which may be kept for ever.
fn is_file(answer: &Answer) -> bool {
    answer.header("cache-control").contains("immutable")
}

/// The whole policy: what is not named falls to nothing.
const POLICY: [(&str, &str); 11] = [
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("connect-src", "'self'"),
    ("img-src", "'self' https:"),
    ("style-src", "{style}"),
    ("object-src", "'none'"),
    ("base-uri", "'none'"),
    ("form-action", "'self' {provider}"),
    ("frame-ancestors", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "'none'"),
];

/// The hash of the page's only style (CSP Level 3, section 2.3.1).
fn style_source(page: &str) -> String {
    let (_, style) = page.split_once("<style>").unwrap();
    let (style, rest) = style.split_once("</style>").unwrap();
    assert!(!rest.contains("<style") && !page.contains(" style="));
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)))
}

#[tokio::test]
async fn b189_b193_every_answer_but_a_file_has_the_whole_policy_and_none_may_be_framed() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app).await;
    let page = browser.visit("/").await;
    let expected: Vec<_> = POLICY
        .iter()
        .map(|(name, value)| {
            format!("{name} {value}")
                .replace("{provider}", app.provider_url())
                .replace("{style}", &style_source(&page.body))
        })
        .collect();
    for (name, answer) in every_answer(&app, &mut browser).await {
        let policy = answer.header("content-security-policy");
        let directives: Vec<_> = policy.split(';').map(str::trim).collect();
        if is_file(&answer) {
            let nothing = ["default-src 'none'", "frame-ancestors 'none'", "sandbox"];
            assert_eq!(directives, nothing, "{name}");
        } else {
            assert_eq!(directives, expected, "{name}");
        }
        assert_eq!(answer.header("x-frame-options"), "DENY", "{name}");
    }
}

#[tokio::test]
async fn b191_b203_every_answer_has_the_other_headers_and_none_names_the_server() {
    let mut ids = Vec::new();
    for (base_url, transport) in [
        ("", ""),
        ("https://app.example", "max-age=63072000; includeSubDomains"),
    ] {
        let overrides = [("BASE_URL", base_url)];
        let app = TestApp::start_with(if base_url.is_empty() { &[] } else { &overrides }).await;
        let mut browser = signed_in(&app).await;
        for (name, answer) in every_answer(&app, &mut browser).await {
            let of_documents = "camera=(), geolocation=(), microphone=()";
            let features = if is_file(&answer) { "" } else { of_documents };
            for (header, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("permissions-policy", features),
                ("strict-transport-security", transport),
                ("server", ""),
                ("x-powered-by", ""),
                ("via", ""),
            ] {
                assert_eq!(answer.header(header), value, "{name} {header}");
            }
            let opener = answer.header("cross-origin-opener-policy");
            assert!(["same-origin", "unsafe-none"].contains(&opener), "{name}");
            let id = answer.header("x-request-id");
            assert!(!id.is_empty() && !ids.contains(&id.to_owned()), "{name}");
            ids.push(id.to_owned());
        }
    }
}

/// A visitor without cookies, to whom no page led, has nothing that an opener could reach.
#[tokio::test]
async fn b191_only_an_answer_to_which_no_page_led_may_keep_its_opener() {
    let app = TestApp::start().await;
    let mut signed_in = signed_in(&app).await;
    let mut browser = app.browser();
    let asset = "/assets/app-0123456789abcdef.js";
    for (site, policy) in [
        ("", "same-origin"),
        ("cross-site", "same-origin"),
        ("same-site", "same-origin"),
        ("same-origin", "same-origin"),
        ("NONE", "same-origin"),
        ("none", "unsafe-none"),
    ] {
        for path in ["/", "/account", "/nothing.txt", "/api/auth/status", asset] {
            let headers = [("sec-fetch-site", site)];
            let headers = if site.is_empty() { &[] } else { &headers[..] };
            let answer = browser.send(Method::GET, path, headers, "").await;
            let said = answer.header("cross-origin-opener-policy");
            assert_eq!(said, policy, "{path} {site}");
            let answer = signed_in.send(Method::GET, path, headers, "").await;
            let said = answer.header("cross-origin-opener-policy");
            assert_eq!(said, "same-origin", "{path} {site}");
        }
    }
}

#[tokio::test]
async fn b199_the_address_of_a_callback_stays_here() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/books").await;
    let query = url::Url::parse(&callback).unwrap();
    let secrets: Vec<_> = query
        .query_pairs()
        .filter(|(name, _)| name == "code" || name == "state")
        .map(|(_, value)| value.into_owned())
        .collect();
    assert_eq!(secrets.len(), 2);
    let landed = browser.visit(&callback).await;
    let failed = browser.visit(&callback).await;
    let page = browser.go(&callback).await;
    for answer in [landed, failed, page] {
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        for secret in &secrets {
            assert!(
                !answer.location().contains(secret.as_str()),
                "{}",
                answer.url
            );
            assert!(!answer.body.contains(secret.as_str()), "{}", answer.url);
        }
    }
}

#[tokio::test]
async fn b204_no_answer_holds_a_secret_of_ours() {
    let key = "the webhook's signing key";
    let app = TestApp::start_with(&[("LOGTO_WEBHOOK_SIGNING_KEY", key)]).await;
    let mut browser = signed_in(&app).await;
    let mut answers = vec![
        app.operator().fetch("/readyz").await,
        app.operator().fetch("/healthz").await,
        browser.visit("/").await,
        browser.visit("/sign-in").await,
        browser.visit("/sign-in?prompt=x").await,
        browser.fetch("/api/auth/status").await,
        browser.fetch("/api/auth/user-info").await,
        browser
            .send(Method::POST, "/webhooks/logto", &[], "x")
            .await,
    ];
    app.break_store().await;
    answers.push(browser.fetch("/api/auth/status").await);
    app.mend_store().await;
    answers.push(browser.post("/sign-out", "{}").await);
    for answer in answers {
        let said = format!("{:?} {}", answer.headers, answer.body);
        for secret in [APP_SECRET, COOKIE_SECRET, key] {
            assert!(!said.contains(secret), "{}", answer.url);
        }
    }
}
