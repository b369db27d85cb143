//! A store on another machine that is away, hangs, or has forgotten; and clocks that differ or jump.

use crate::support::{Endpoint, HostileApp, Kind, TestBrowser, at, behind_a_wire, nothing};
use time::Duration;

async fn signed_in(store: &str) -> (HostileApp, TestBrowser) {
    let app = HostileApp::start_with(&[("SESSION_STORE", store)], nothing()).await;
    let mut browser = app.browser();
    assert_eq!(app.sign_in(&mut browser).await, "/");
    (app, browser)
}

async fn assert_store_unavailable(browser: &mut TestBrowser) {
    let answer = browser.fetch("/api/auth/status").await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert_eq!(answer.json()["code"], "store_unavailable");
    assert!(browser.session_id().is_some(), "the cookie stays");
}

/// Asks until the store is back; a story that waits for nothing fails.
async fn assert_comes_back(browser: &mut TestBrowser) {
    for _ in 0..100 {
        if browser.fetch("/api/auth/status").await.status == 200 {
            assert!(browser.sub().await.is_some());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the store is back, and the bff does not see it");
}

#[tokio::test]
async fn b236_a_store_that_is_away_for_a_while_signs_nobody_out() {
    for kind in Kind::SHARED {
        let (relay, store) = behind_a_wire(kind).await;
        let (app, mut browser) = signed_in(&store).await;
        relay.cut().await;
        assert_store_unavailable(&mut browser).await;
        let page = browser.visit("/").await;
        assert_eq!(page.status, 503);
        assert!(!page.body.contains("isAuthenticated"), "{}", page.body);
        let form = browser.own_page().form("/sign-out", "").await;
        assert_eq!(form.status, 503);
        assert!(form.body.contains("<!doctype html>"), "{}", form.body);
        assert!(form.body.contains("store_unavailable"), "{}", form.body);
        assert!(browser.session_id().is_some(), "the cookie stays");
        let refused = app.sign_in_until_callback(&mut app.browser()).await;
        let landed = app.browser().visit(&refused).await;
        assert!(landed.location().starts_with("/sign-in-failed"));
        relay.mend();
        assert_comes_back(&mut browser).await;
        assert_eq!(app.sign_in(&mut app.browser()).await, "/");
    }
}

#[tokio::test]
async fn what_a_refresh_brought_is_stored_when_the_store_is_back_and_not_given_up_before() {
    for kind in Kind::SHARED {
        let (relay, store) = behind_a_wire(kind).await;
        let (app, mut browser) = signed_in(&store).await;
        app.spoil(at(Endpoint::Refresh, |reply| reply.held = true));
        app.clock.advance(Duration::hours(1));
        let mut tab = browser.clone();
        let asking = tokio::spawn(async move { tab.fetch("/api/auth/user-info").await.status });
        app.asked(Endpoint::Refresh, 1).await;
        relay.cut().await;
        app.spoil(nothing());
        app.release();
        // Time enough for some tries that fail.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        relay.mend();
        assert_eq!(asking.await.unwrap(), 200);
        assert_eq!(app.requests(Endpoint::Revocation), 0);
        app.clock.advance(Duration::hours(1));
        assert_eq!(browser.fetch("/api/auth/user-info").await.status, 200);
        assert_eq!(app.requests(Endpoint::Refresh), 2);
    }
}

#[tokio::test]
async fn b237_a_store_that_hangs_holds_up_nothing_that_needs_no_session() {
    for kind in Kind::SHARED {
        let (relay, store) = behind_a_wire(kind).await;
        let (app, mut browser) = signed_in(&store).await;
        relay.hang();
        let waiting: Vec<_> = (0..30)
            .map(|_| {
                let mut tab = browser.clone();
                tokio::spawn(async move { tab.fetch("/api/auth/status").await.status })
            })
            .collect();
        let mut anonymous = app.browser();
        for path in ["/", "/api/auth/status", "/assets/app-0123456789abcdef.js"] {
            assert_eq!(anonymous.visit(path).await.status, 200, "{path}");
        }
        assert_eq!(anonymous.visit("/sign-in").await.status, 303);
        for answer in waiting {
            assert_eq!(answer.await.unwrap(), 503);
        }
        assert!(browser.session_id().is_some());
        relay.mend();
        assert_comes_back(&mut browser).await;
    }
}

#[tokio::test]
async fn b240_a_store_that_has_forgotten_everything_signs_everybody_out_cleanly() {
    for kind in Kind::SHARED {
        let store = kind.fresh("".as_ref()).await;
        let (app, mut browser) = signed_in(&store).await;
        kind.forget_everything(&store).await;
        assert_eq!(browser.sub().await, None);
        assert_eq!(browser.visit("/").await.status, 200);
        assert_eq!(app.sign_in(&mut browser).await, "/");
        assert!(browser.sub().await.is_some());
    }
}

#[tokio::test]
async fn b099_b246_what_another_version_wrote_is_absent_and_no_fault() {
    for kind in Kind::SHARED {
        let store = kind.fresh("".as_ref()).await;
        let (app, mut browser) = signed_in(&store).await;
        kind.spoil_content(&store).await;
        assert_eq!(browser.sub().await, None);
        assert_eq!(browser.visit("/").await.status, 200);
        let answer = browser.fetch("/api/auth/user-info").await;
        assert_eq!(answer.json()["code"], "not_signed_in");
        assert_eq!(app.sign_in(&mut browser).await, "/");
        assert!(browser.sub().await.is_some());
        assert_eq!(browser.fetch("/api/auth/sessions").await.status, 200);
    }
}

#[tokio::test]
async fn b245_instances_whose_clocks_differ_agree_on_who_is_signed_in() {
    for kind in Kind::SHARED {
        for ahead in [120, -120] {
            let app = HostileApp::start_on(kind, &[], nothing())
                .await
                .with_second_ahead(Duration::seconds(ahead))
                .await;
            let mut browser = app.browser();
            assert_eq!(app.sign_in(&mut browser).await, "/");
            let mut elsewhere = app.at_second(&browser);
            for _ in 0..5 {
                assert!(browser.sub().await.is_some());
                assert!(elsewhere.sub().await.is_some());
                assert_eq!(elsewhere.visit("/").await.status, 200);
                assert_eq!(browser.visit("/").await.status, 200);
                app.clock.advance(Duration::minutes(3));
            }
            app.clock.advance(Duration::days(2));
            assert_eq!(browser.sub().await, None);
            assert_eq!(elsewhere.sub().await, None);
        }
    }
}

#[tokio::test]
async fn b244_a_clock_that_jumps_makes_no_session_immortal() {
    for kind in Kind::ALL {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.clock.advance(-Duration::days(1));
        assert!(browser.sub().await.is_some(), "back a day");
        assert_eq!(browser.visit("/").await.status, 200);
        app.clock.advance(Duration::days(1));
        assert!(browser.sub().await.is_some(), "and right again");
        app.clock.advance(Duration::days(1));
        assert_eq!(browser.sub().await, None, "a day of nothing");
    }
}
