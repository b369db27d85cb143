//! Two instances of the bff on one store, as behind a load balancer.

use crate::support::{Endpoint, HostileApp, Kind, TestBrowser, at, nothing};
use reqwest::StatusCode;
use shared::{SessionEvent, SignedOut, SignedOutReason};
use time::Duration;

const OK: StatusCode = StatusCode::OK;
const USER_INFO: &str = "/api/auth/user-info";

#[tokio::test]
async fn a_session_is_the_same_at_both_and_ends_at_both_at_once() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_two_on(kind, nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let mut elsewhere = app.at_second(&browser);
        assert!(elsewhere.sub().await.is_some());

        let token = app.logout_token(|_| {});
        assert_eq!(app.back_channel_logout_at_second(&token).await.status, 200);
        assert_eq!(browser.sub().await, None);
        assert_eq!(elsewhere.sub().await, None);
        let again = app.back_channel_logout(&token).await;
        assert_eq!(again.status, 400, "a replay, also at the other instance");
    }
}

#[tokio::test]
async fn a_pending_sign_in_is_finished_at_either_instance_and_once() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_two_on(kind, nothing()).await;
        let mut browser = app.browser();
        let callback = app.sign_in_until_callback(&mut browser).await;
        let mut elsewhere = app.at_second(&browser);
        assert_eq!(elsewhere.visit(&callback).await.location(), "/");
        assert!(elsewhere.sub().await.is_some());
        let used = browser.visit(&callback).await;
        assert_eq!(used.location(), "/sign-in-failed?reason=unknown_sign_in");
    }
}

#[tokio::test]
async fn a_page_at_one_instance_is_told_what_the_provider_ends_at_the_other() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_two_on(kind, nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let mut events = browser.events().await;
        let token = app.logout_token(|_| {});
        app.back_channel_logout_at_second(&token).await;
        let reason = SignedOutReason::Provider;
        let signed_out = SessionEvent::SignedOut(SignedOut { reason });
        assert_eq!(events.next().await, Some(signed_out));
        assert_eq!(events.next().await, None, "the stream ends");
    }
}

/// That no refresh token was used twice is a rule of the provider, checked when the app is dropped.
#[tokio::test]
async fn b154_many_calls_over_two_instances_refresh_once() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_two_on(kind, nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        for round in 1..=3 {
            app.clock.advance(Duration::hours(1));
            // So few that none meets a time limit on a machine that is busy.
            let calls: Vec<_> = (0..40)
                .map(|number| {
                    let mut tab = match number % 2 {
                        0 => browser.clone(),
                        _ => app.at_second(&browser),
                    };
                    tokio::spawn(async move { tab.fetch(USER_INFO).await.status.as_u16() })
                })
                .collect();
            for call in calls {
                assert_eq!(call.await.unwrap(), 200);
            }
            assert_eq!(app.requests(Endpoint::Refresh), round);
        }
        assert!(browser.sub().await.is_some());
    }
}

#[tokio::test]
async fn who_waits_for_the_refresh_of_another_instance_does_not_go_on_with_the_old_access_token() {
    for kind in Kind::SHARED {
        let held = at(Endpoint::Refresh, |reply| reply.held = true);
        let app = HostileApp::start_two_on(kind, held).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.clock.advance(Duration::hours(1));
        let ask = |mut tab: TestBrowser| {
            tokio::spawn(async move { tab.fetch(USER_INFO).await.status.as_u16() })
        };
        let refreshes = ask(browser.clone());
        app.asked(Endpoint::Refresh, 1).await;
        let waits = ask(app.at_second(&browser));
        // Time enough to look several times.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(app.requests(Endpoint::UserInfo), 0);
        app.spoil(nothing());
        app.release();
        assert_eq!(refreshes.await.unwrap(), 200);
        assert_eq!(waits.await.unwrap(), 200);
        assert_eq!(app.requests(Endpoint::Refresh), 1);
    }
}

/// Two calls at the same moment, again and again, with an access token that has expired.
#[tokio::test]
async fn b154_of_two_refreshes_at_the_same_moment_one_is_made() {
    let years = "315360000";
    let settings = [
        ("SESSION_IDLE_SECONDS", years),
        ("SESSION_LIFETIME_SECONDS", years),
    ];
    for kind in Kind::ALL {
        // Without an ID token there is nothing to sign, and a round is quick.
        let quick = at(Endpoint::Refresh, |reply| reply.id_token = None);
        let mut app = HostileApp::start_on(kind, &settings, quick).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let (mut here, mut there) = (browser.clone(), browser.clone());
        if Kind::SHARED.contains(&kind) {
            app = app.with_second_ahead(Duration::ZERO).await;
            there = app.at_second(&browser);
        }
        for round in 1..=100 {
            app.clock.advance(Duration::hours(1));
            let answers = tokio::join!(here.fetch(USER_INFO), there.fetch(USER_INFO));
            assert_eq!((answers.0.status, answers.1.status), (OK, OK), "{round}");
            assert_eq!(app.requests(Endpoint::Refresh), round);
            here.history.clear();
            there.history.clear();
        }
    }
}
