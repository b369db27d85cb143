//! Refreshing an access token when things go wrong: no refresh token is lost or used twice, a fault signs nobody out.

use crate::support::{
    CapturedLog, Endpoint, HostileApp, Kind, SignedToken, Signer, TestBrowser, at, jwks, nothing,
    refresh, refreshed_id_token, tokens,
};
use serde_json::json;
use shared::{AuthStatus, SessionEvent, SignedOut, SignedOutReason};
use time::Duration;
use tokio::task::JoinHandle;
use tracing::Level;

const USER_INFO: &str = "/api/auth/user-info";
/// The access token is alive, and about to die.
const SOON: Duration = Duration::seconds(3_550);

async fn signed_in(app: &HostileApp) -> TestBrowser {
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    browser
}

async fn ask(browser: &mut TestBrowser) -> u16 {
    browser.fetch(USER_INFO).await.status.as_u16()
}

/// A call with an expired access token that is under way: the provider holds its answer at this endpoint back.
async fn ask_and_hold(
    app: &HostileApp,
    browser: &TestBrowser,
    endpoint: Endpoint,
) -> JoinHandle<u16> {
    app.clock.advance(Duration::hours(1));
    app.spoil(at(endpoint, |reply| reply.held = true));
    let mut tab = browser.clone();
    let asking = tokio::spawn(async move { ask(&mut tab).await });
    app.asked(endpoint, 1).await;
    asking
}

#[tokio::test]
async fn b157_an_answer_that_was_slow_does_not_bring_an_older_refresh_token_back() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = signed_in(&app).await;
        let slow = ask_and_hold(&app, &browser, Endpoint::UserInfo).await;

        app.spoil(nothing());
        app.clock.advance(Duration::hours(1));
        assert_eq!(ask(&mut browser).await, 200);
        app.release();
        assert_eq!(slow.await.unwrap(), 200);
        app.clock.advance(Duration::hours(1));
        assert_eq!(ask(&mut browser).await, 200);
        assert_eq!(app.requests(Endpoint::Refresh), 3);
    }
}

#[tokio::test]
async fn b157_a_visit_during_a_refresh_costs_neither_the_visit_nor_the_refresh_token() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = signed_in(&app).await;
        let refreshing = ask_and_hold(&app, &browser, Endpoint::Refresh).await;
        assert_eq!(browser.visit("/").await.status, 200);
        app.spoil(nothing());
        app.release();
        assert_eq!(refreshing.await.unwrap(), 200);

        let AuthStatus::SignedIn { session, .. } = browser.status().await else {
            panic!("signed out")
        };
        assert_eq!(session.idle_expires_in, 86_400, "the visit counts");
        app.clock.advance(Duration::hours(1));
        assert_eq!(ask(&mut browser).await, 200);
        assert_eq!(app.requests(Endpoint::Refresh), 2);
    }
}

#[tokio::test]
async fn what_was_signed_out_during_a_refresh_stays_so_and_leaves_no_grant() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = signed_in(&app).await;
        let refreshing = ask_and_hold(&app, &browser, Endpoint::Refresh).await;
        let token = app.logout_token(|_| {});
        assert_eq!(app.back_channel_logout(&token).await.status, 200);
        app.release();
        assert_eq!(refreshing.await.unwrap(), 401);
        assert_eq!(browser.sub().await, None);
        assert_eq!(app.requests(Endpoint::Revocation), 1);
    }
}

#[tokio::test]
async fn b159_b232_a_refused_refresh_token_ends_the_session_and_is_not_tried_again() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = signed_in(&app).await;
        app.clock.advance(Duration::hours(1));
        app.spoil(at(Endpoint::Refresh, |reply| {
            reply.status = 400;
            reply.json = json!({"error": "invalid_grant"});
            reply.id_token = None;
        }));
        assert_eq!(ask(&mut browser).await, 401);
        assert_eq!(browser.sub().await, None);
        assert_eq!(ask(&mut browser).await, 401);
        assert_eq!(app.requests(Endpoint::Refresh), 1);
    }
}

/// The provider has spent the old refresh token when its answer turns out to be of no use.
#[tokio::test]
async fn a_refresh_token_is_kept_when_what_came_with_it_is_not_usable() {
    let unusable = [
        refreshed_id_token(|token| token.sign_with(Signer::Successor)),
        refresh(|tokens| tokens["token_type"] = "mac".into()),
        refresh(|tokens| tokens["access_token"] = "two words".into()),
    ];
    for mutation in unusable {
        let app = HostileApp::start(nothing()).await;
        let mut browser = signed_in(&app).await;
        app.clock.advance(Duration::hours(1));
        app.spoil(mutation);
        assert!(ask(&mut browser).await >= 500);
        assert_eq!(app.requests(Endpoint::UserInfo), 0, "nothing of it is used");
        assert!(browser.sub().await.is_some());

        app.spoil(nothing());
        app.clock.advance(Duration::SECOND);
        // The provider takes the newest refresh token only.
        assert_eq!(ask(&mut browser).await, 200);
        assert_eq!(app.requests(Endpoint::Refresh), 2);
    }
}

fn fault(status: u16, retry_after: &'static str) -> crate::support::Mutation {
    at(Endpoint::Refresh, move |reply| {
        reply.status = status;
        if !retry_after.is_empty() {
            reply.header("retry-after", retry_after);
        }
    })
}

#[tokio::test]
async fn a_fault_just_before_the_end_of_an_access_token_is_not_noticed() {
    let app = HostileApp::start(fault(503, "")).await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(SOON);
    assert_eq!(ask(&mut browser).await, 200);
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    app.spoil(nothing());
    app.clock.advance(Duration::seconds(10));
    assert_eq!(ask(&mut browser).await, 200);
    assert_eq!(app.requests(Endpoint::Refresh), 2);
}

#[tokio::test]
async fn after_a_fault_a_refresh_is_tried_later_and_later() {
    let app = HostileApp::start(fault(500, "")).await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(Duration::hours(1));
    let mut tried = 0;
    for wait in [1, 2, 4, 8] {
        tried += 1;
        for _ in 0..3 {
            assert_eq!(ask(&mut browser).await, 503);
        }
        assert_eq!(app.requests(Endpoint::Refresh), tried);
        app.clock.advance(Duration::seconds(wait - 1));
        assert_eq!(ask(&mut browser).await, 503);
        assert_eq!(app.requests(Endpoint::Refresh), tried, "{wait}");
        app.clock.advance(Duration::SECOND);
    }
    app.spoil(nothing());
    assert_eq!(ask(&mut browser).await, 200);
}

#[tokio::test]
async fn b221_a_provider_that_is_asked_too_often_is_left_alone_as_long_as_it_wants() {
    let app = HostileApp::start(fault(429, "30")).await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(Duration::hours(1));
    assert_eq!(ask(&mut browser).await, 503);
    app.spoil(nothing());
    app.clock.advance(Duration::seconds(29));
    assert_eq!(ask(&mut browser).await, 503);
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    app.clock.advance(Duration::SECOND);
    assert_eq!(ask(&mut browser).await, 200);
}

#[tokio::test]
async fn b230_access_tokens_of_five_seconds_make_no_storm() {
    let short = refresh(|tokens| tokens["expires_in"] = 5.into());
    let app = HostileApp::start(short).await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(Duration::hours(1));
    for _ in 0..30 {
        for _ in 0..3 {
            assert_eq!(ask(&mut browser).await, 200);
        }
        app.clock.advance(Duration::SECOND);
    }
    assert_eq!(app.requests(Endpoint::Refresh), 10, "every third second");
}

#[tokio::test]
async fn b093_claims_follow_the_newest_id_token_and_open_pages_are_told() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = signed_in(&app).await;
        let mut events = browser.events().await;
        app.clock.advance(Duration::hours(1));
        app.spoil(refreshed_id_token(|token| token.set("name", "Grace")));
        assert_eq!(ask(&mut browser).await, 200);
        let event = events.next().await;
        assert!(matches!(event, Some(SessionEvent::ClaimsChanged(_))));
        let AuthStatus::SignedIn { claims, .. } = browser.status().await else {
            panic!("signed out")
        };
        assert_eq!(claims.name.as_deref(), Some("Grace"));
    }
}

#[tokio::test]
async fn b165_an_access_token_of_unknown_life_serves_until_the_provider_refuses_it() {
    let app = HostileApp::start(tokens(|tokens| {
        tokens.as_object_mut().unwrap().remove("expires_in");
    }))
    .await;
    let mut browser = signed_in(&app).await;
    app.clock.advance(Duration::hours(20));
    assert_eq!(ask(&mut browser).await, 200);
    assert_eq!(app.requests(Endpoint::Refresh), 0);
    app.clock.advance(Duration::minutes(1));
    app.spoil(at(Endpoint::UserInfo, |reply| reply.status = 401));
    assert_eq!(ask(&mut browser).await, 403);
    assert_eq!(app.requests(Endpoint::Refresh), 1, "and then once");
}

#[tokio::test]
async fn a_session_does_not_outlive_its_refresh_token() {
    let settings = [
        ("REFRESH_TOKEN_LIFETIME_SECONDS", "7200"),
        ("SESSION_LIFETIME_SECONDS", "86400"),
    ];
    let app = HostileApp::start_with(&settings, nothing()).await;
    let mut browser = signed_in(&app).await;
    let left = async |browser: &mut TestBrowser| match browser.status().await {
        AuthStatus::SignedIn { session, .. } => session.expires_in,
        AuthStatus::SignedOut => 0,
    };
    assert_eq!(left(&mut browser).await, 7_200);
    app.clock.advance(Duration::hours(1));
    assert_eq!(left(&mut browser).await, 3_600);
    // This provider gives another refresh token each time.
    assert_eq!(ask(&mut browser).await, 200);
    assert_eq!(left(&mut browser).await, 7_200);
    app.clock.advance(Duration::seconds(7_200));
    assert_eq!(left(&mut browser).await, 0);
}

#[tokio::test]
async fn q24_an_error_that_no_refresh_mends_ends_the_session_and_the_log_names_it() {
    let log = CapturedLog::default();
    let _captured = log.begin(Level::INFO);
    for (status, error, ends) in [
        (400, "invalid_grant", true),
        (400, "access_denied", true),
        (400, "login_required", true),
        (403, "access_denied", true),
        (400, "interaction_required", true),
        (400, "consent_required", true),
        (401, "invalid_client", false),
        (400, "unauthorized_client", false),
        (400, "invalid_request", false),
        (400, "invalid_target", false),
        (400, "temporarily_unavailable", false),
        (429, "access_denied", false),
        (503, "invalid_grant", false),
    ] {
        let app = HostileApp::start(nothing()).await;
        let mut browser = signed_in(&app).await;
        let mut events = browser.events().await;
        app.clock.advance(Duration::hours(1));
        app.spoil(at(Endpoint::Refresh, move |reply| {
            reply.status = status;
            reply.json = json!({"error": error});
            reply.id_token = None;
        }));
        let answer = ask(&mut browser).await;
        assert_eq!(answer, if ends { 401 } else { 503 }, "{status} {error}");
        assert_eq!(browser.sub().await.is_none(), ends, "{status} {error}");
        if ends {
            let reason = SignedOutReason::Provider;
            let signed_out = SessionEvent::SignedOut(SignedOut { reason });
            assert_eq!(events.next().await, Some(signed_out));
        }
        if status < 429 {
            assert!(
                log.text().contains(&format!("answered `{error}`")),
                "{error}"
            );
        }
    }
}

/// OpenID Connect Core 1.0, section 12.2.
#[tokio::test]
async fn q25_a_refreshed_id_token_about_somebody_else_ends_the_session() {
    for (claim, value) in [
        ("sub", "mallory"),
        ("iss", "https://other.example/oidc"),
        ("aud", "another-client"),
        ("nonce", "another nonce"),
        ("azp", "another-client"),
    ] {
        let app = HostileApp::start(nothing()).await;
        let mut browser = signed_in(&app).await;
        app.clock.advance(Duration::hours(1));
        app.spoil(refreshed_id_token(move |token| token.set(claim, value)));
        assert_eq!(ask(&mut browser).await, 401, "{claim}");
        assert_eq!(browser.sub().await, None, "{claim}");
        assert_eq!(app.requests(Endpoint::UserInfo), 0, "nothing of it is used");
        assert_eq!(app.requests(Endpoint::Revocation), 1, "{claim}");
    }
}

#[tokio::test]
async fn q29_a_visit_with_a_due_access_token_renews_the_claims_and_nobody_waits() {
    for path in ["/", "/books", "/api/auth/sessions"] {
        let app = HostileApp::start(nothing()).await;
        let mut browser = signed_in(&app).await;
        let mut events = browser.events().await;
        app.clock.advance(SOON);
        let roles = |token: &mut SignedToken| token.set("roles", json!(["editor"]));
        app.spoil(refreshed_id_token(roles).and(at(Endpoint::Refresh, |reply| reply.held = true)));
        browser.status().await;
        browser.events().await;
        assert_eq!(app.requests(Endpoint::Refresh), 0, "a poll is no visit");
        for _ in 0..3 {
            let answer = browser.fetch(path).await;
            assert_eq!(answer.status, 200, "{path} waits for nothing");
        }
        app.asked(Endpoint::Refresh, 1).await;
        app.release();
        let event = events.next().await;
        assert!(matches!(event, Some(SessionEvent::ClaimsChanged(_))));
        let AuthStatus::SignedIn { claims, .. } = browser.status().await else {
            panic!("signed out")
        };
        assert_eq!(claims.roles, Some(vec!["editor".to_owned()]));
        browser.fetch(path).await;
        assert_eq!(app.requests(Endpoint::Refresh), 1);
    }
}

/// The keys of the provider are slow, and the lease of the instance that waits for them expires.
#[tokio::test]
async fn a_refresh_token_that_came_with_an_unknown_key_is_stored_before_keys_are_fetched() {
    for kind in Kind::SHARED {
        let app =
            HostileApp::start_two_on(kind, tokens(|tokens| tokens["expires_in"] = 60.into())).await;
        let browser = signed_in(&app).await;
        // Not so long that the keys have to be fetched anyway.
        app.clock.advance(Duration::MINUTE);
        let published = jwks(|keys| keys.push(Signer::Successor.jwk()));
        let held = at(Endpoint::Jwks, |reply| reply.held = true);
        let rotated = refreshed_id_token(|token| token.sign_with(Signer::Successor));
        app.spoil(published.and(held).and(rotated));
        let known = app.requests(Endpoint::Jwks);
        let mut tab = browser.clone();
        let slow = tokio::spawn(async move { ask(&mut tab).await });
        app.asked(Endpoint::Jwks, known + 1).await;

        app.spoil(nothing());
        kind.forget_leases(&app.settings["SESSION_STORE"]).await;
        let mut elsewhere = app.at_second(&browser);
        // The provider takes the newest refresh token only.
        assert_eq!(ask(&mut elsewhere).await, 200);
        app.release();
        assert_eq!(slow.await.unwrap(), 200);
        assert_eq!(app.requests(Endpoint::Refresh), 2);
    }
}
