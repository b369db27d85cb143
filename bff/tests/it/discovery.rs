//! The provider's metadata: asked for once, kept for ten minutes, and refused where it would lead people or
//! secrets astray.

use crate::support::{
    CapturedLog, Endpoint, Expected::SignedIn, HostileApp, Mutation, Signer, TestApp, TestBrowser,
    at, discovery, id_token, jwks, nothing,
};
use serde_json::{Value, json};
use time::Duration;
use tracing::Level;

/// `/sign-in` says that the provider is away, and leads nowhere.
async fn assert_unavailable(browser: &mut TestBrowser, name: &str) {
    let answer = browser.visit("/sign-in").await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (503, ""),
        "{name}"
    );
    assert!(
        answer.body.contains(r#""code":"provider_unavailable""#),
        "{name}"
    );
    assert!(browser.cookies.is_empty(), "{name}: nothing is pending");
}

const ENDPOINTS: [&str; 7] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "revocation_endpoint",
    "end_session_endpoint",
    "pushed_authorization_request_endpoint",
];

/// Everything as in production: the issuer is https, and reached by another name inside.
#[tokio::test]
async fn b014_no_endpoint_may_be_less_secure_than_the_issuer() {
    let settings = [
        ("OIDC_ISSUER", "https://logto.example/oidc"),
        ("OIDC_INTERNAL_URL", "{provider}"),
        ("PUSHED_AUTHORIZATION_REQUESTS", "false"),
    ];
    let app = HostileApp::start_with(&settings, nothing()).await;
    assert_eq!(
        app.sign_in(&mut app.browser()).await,
        "/",
        "with right endpoints it works"
    );
    for member in ENDPOINTS {
        for address in [
            "http://logto.example/oidc/x",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            let spoil = discovery(move |document| document[member] = address.into());
            let app = HostileApp::start_with(&settings, spoil).await;
            assert_unavailable(&mut app.browser(), &format!("{member} {address}")).await;
        }
    }
}

#[tokio::test]
async fn b014_on_loopback_too_an_endpoint_is_a_web_address() {
    for address in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/relative",
        "",
    ] {
        let spoil = discovery(move |document| document["authorization_endpoint"] = address.into());
        let app = HostileApp::start(spoil).await;
        assert_unavailable(&mut app.browser(), address).await;
    }
}

/// As between containers. A Logto, too, builds its endpoints from the host that it is asked for.
#[tokio::test]
async fn q23_browsers_are_sent_to_the_public_address_of_a_provider_that_is_asked_inside() {
    let app = TestApp::start_with(&[("OIDC_INTERNAL_URL", "{inside}")]).await;
    let mut browser = app.browser();
    let public = format!("{}/oidc/", app.provider_url());
    let sign_in = browser.visit("/sign-in").await;
    assert!(
        sign_in.location().starts_with(&public),
        "{}",
        sign_in.location()
    );
    browser.sign_in(&app, "8613900000000", "/").await;
    assert_eq!(browser.fetch("/api/auth/user-info").await.status, 200);
    let answer = browser.post("/sign-out", "{}").await.json();
    let redirect_to = answer["redirectTo"].as_str().unwrap();
    assert!(redirect_to.starts_with(&public), "{redirect_to}");
}

/// The document with these endpoints at another origin.
fn at_origin(origin: &str, endpoints: &'static [&'static str]) -> Mutation {
    let origin = origin.to_owned();
    discovery(move |document| {
        for endpoint in endpoints {
            let url = document[*endpoint].as_str().unwrap();
            document[*endpoint] = url.replace("https://logto.example", &origin).into();
        }
    })
}

#[tokio::test]
async fn q23_endpoints_at_the_internal_address_serve_the_bff_and_no_browser() {
    let settings = [
        ("OIDC_ISSUER", "https://logto.example/oidc"),
        ("OIDC_INTERNAL_URL", "{provider}"),
    ];
    let app = HostileApp::start_with(&settings, nothing()).await;
    let inside = app.settings["OIDC_INTERNAL_URL"].clone();
    app.spoil(at_origin(
        &inside,
        &[
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "revocation_endpoint",
        ],
    ));
    app.judge(SignedIn).await;

    for endpoint in [&["authorization_endpoint"][..], &["end_session_endpoint"]] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::WARN);
        let app = HostileApp::start_with(&settings, nothing()).await;
        app.spoil(at_origin(&app.settings["OIDC_INTERNAL_URL"], endpoint));
        assert_unavailable(&mut app.browser(), endpoint[0]).await;
        let text = log.text();
        for words in [
            endpoint[0],
            &app.settings["OIDC_INTERNAL_URL"],
            "OIDC_INTERNAL_URL",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
}

/// All endpoints in another place.
fn moved(document: &mut Value) {
    let text = document.to_string();
    let token = document["token_endpoint"].as_str().unwrap();
    let place = token.trim_end_matches("/token").rsplit('/').next().unwrap();
    *document = serde_json::from_str(&text.replace(place, "moved")).unwrap();
}

fn with_another_issuer(document: &mut Value) {
    moved(document);
    document["issuer"] = "https://evil.example/oidc".into();
}

#[tokio::test]
async fn b226_another_issuer_at_run_time_is_refused_and_the_old_metadata_is_kept() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::WARN);
    let app = HostileApp::start(nothing()).await;
    app.judge(SignedIn).await;
    app.spoil(discovery(with_another_issuer));
    app.clock.advance(Duration::seconds(600));
    assert_eq!(app.sign_in(&mut app.browser()).await, "/");
    assert_eq!(app.requests(Endpoint::Discovery), 2);
    assert!(
        app.requests_in_order()
            .iter()
            .all(|(_, path)| !path.contains("/moved/"))
    );
    assert!(log.text().contains("issuer"), "{}", log.text());
}

#[tokio::test]
async fn b226_endpoints_that_move_are_found_when_the_metadata_is_asked_for_again() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    app.spoil(discovery(moved));
    let to_moved = || {
        app.requests_in_order()
            .iter()
            .filter(|(_, path)| path.contains("/moved/"))
            .count()
    };

    app.clock.advance(Duration::seconds(594));
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    assert_eq!((app.requests(Endpoint::Discovery), to_moved()), (1, 0));
    app.clock.advance(Duration::seconds(6));
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    assert_eq!(
        (app.requests(Endpoint::Discovery), to_moved()),
        (2, 2),
        "keys and userinfo"
    );
}

#[tokio::test]
async fn b226_algorithms_that_discovery_offers_decide_nothing() {
    for offered in [vec!["none"], vec!["HS256"], vec![]] {
        let app = HostileApp::start(discovery(move |document| {
            document["id_token_signing_alg_values_supported"] = offered.clone().into();
        }))
        .await;
        app.judge(SignedIn).await;
    }
}

#[tokio::test]
async fn b211_many_sign_ins_at_once_ask_once() {
    let app = HostileApp::start(nothing()).await;
    assert!(
        at_once(&app, 50, nothing())
            .await
            .iter()
            .all(|status| *status == 303)
    );
    assert_eq!(app.requests(Endpoint::Discovery), 1);
}

/// Whoever waited for an answer that is none does not ask again at once, one after the other.
#[tokio::test]
async fn b220_many_sign_ins_wait_for_one_hanging_answer_together() {
    for (endpoint, known) in [
        (Endpoint::Discovery, false),
        (Endpoint::Jwks, false),
        (Endpoint::Discovery, true),
        (Endpoint::Jwks, true),
    ] {
        let app = HostileApp::start(nothing()).await;
        if known {
            app.judge(SignedIn).await;
            app.clock.advance(Duration::seconds(30));
        }
        let asked_before = app.requests(endpoint);
        let held = at(endpoint, |reply| {
            reply.held = true;
            reply.status = 500;
        });
        let statuses = at_once(&app, 50, held).await;
        assert!(statuses.iter().all(|status| *status == 503), "{statuses:?}");
        assert_eq!(app.requests(endpoint), asked_before + 1);

        app.spoil(nothing());
        app.clock.advance(Duration::seconds(5));
        assert_eq!(app.sign_in(&mut app.browser()).await, "/");
    }
}

/// So many sign-ins begin while the first answer is held; answers their statuses.
async fn at_once(app: &HostileApp, many: usize, mutation: Mutation) -> Vec<u16> {
    app.spoil(mutation);
    let asked_before = app.requests(Endpoint::Discovery);
    let sign_ins: Vec<_> = (0..many)
        .map(|_| {
            let mut browser = app.browser();
            tokio::spawn(async move { browser.visit("/sign-in").await.status.as_u16() })
        })
        .collect();
    app.asked(Endpoint::Discovery, asked_before + 1).await;
    app.release();
    let mut statuses = Vec::new();
    for sign_in in sign_ins {
        statuses.push(sign_in.await.unwrap());
    }
    statuses
}

#[tokio::test]
async fn the_log_says_what_is_wrong_with_a_document_and_repeats_nothing_of_it() {
    for (words, mutation) in [
        (
            "status 404",
            at(Endpoint::Discovery, |reply| reply.status = 404),
        ),
        (
            "member `jwks_uri` is wrong",
            discovery(|document| document["jwks_uri"] = "secret".into()),
        ),
        (
            "the issuer in the document is another one",
            discovery(|document| document["issuer"] = "https://secret.example".into()),
        ),
    ] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::INFO);
        let app = HostileApp::start(mutation).await;
        assert_eq!(app.browser().visit("/sign-in").await.status, 503);
        let text = log.text();
        assert!(
            text.contains(words) && !text.contains("secret"),
            "{words} {text}"
        );
    }
}

/// Names in a document and ids of keys are the provider's to choose, like its answers' length.
#[tokio::test]
async fn b215_what_the_provider_chose_stays_one_short_line_in_the_log() {
    let forged = format!("x\n\u{1b}[31mevent=forged {}", "a".repeat(20_000));
    let document = format!("{{{}:[1,", Value::from(&*forged));
    for (mutation, status) in [
        (
            at(Endpoint::Discovery, {
                let document = document.clone();
                move |reply| reply.raw = Some(document.clone().into())
            }),
            503,
        ),
        (
            at(Endpoint::Jwks, move |reply| {
                reply.raw = Some(document.clone().into());
            }),
            503,
        ),
        (
            id_token(|token| token.header = json!({"alg": "ES384"})).and(jwks(move |keys| {
                *keys = vec![Signer::Published.jwk(), Signer::Successor.jwk()];
                keys[0]["kid"] = forged.clone().into();
            })),
            303,
        ),
    ] {
        let log = CapturedLog::default();
        let _looking = log.begin(Level::INFO);
        let app = HostileApp::start(mutation).await;
        let mut browser = app.browser();
        let answer = browser.visit("/sign-in").await;
        assert_eq!(answer.status, status);
        if status == 303 {
            let callback = app.visit_provider(&mut browser, answer.location()).await;
            browser.visit(callback.location()).await;
        }
        let text = log.text();
        assert!(text.contains("%0A%1B[31mevent=forged aaa"), "{text}");
        let longest = text.lines().map(str::len).max().unwrap();
        assert!(longest < 500, "{longest}");
        let visible = |character: char| character == '\n' || matches!(character, ' '..='~');
        assert!(text.chars().all(visible), "{text}");
        assert!(text.lines().all(|line| line.starts_with("20")), "{text}");
    }
}
