//! How long a session lives, and what it survives.

use crate::support::{COOKIE_SECRET, Endpoint, HostileApp, Kind, TestApp, nothing};
use shared::AuthStatus;
use time::Duration;

const PHONE: &str = "8613900000000";
const SHORT: [(&str, &str); 2] = [
    ("SESSION_IDLE_SECONDS", "3600"),
    ("SESSION_LIFETIME_SECONDS", "10000"),
];

/// The engines that outlive a process.
const LASTING: [Kind; 3] = [Kind::Sqlite, Kind::Postgres, Kind::Redis];

#[tokio::test]
async fn b085_a_session_ends_when_nobody_visits() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &SHORT).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        app.clock.advance(Duration::seconds(3_599));
        assert!(browser.sub().await.is_some());
        app.clock.advance(Duration::SECOND);
        assert_eq!(browser.sub().await, None);
    }
}

#[tokio::test]
async fn asking_for_the_status_does_not_keep_a_session_alive_and_a_visit_does() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &SHORT).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        app.clock.advance(Duration::seconds(3_000));
        assert_eq!(times(&browser.status().await), (7_000, 600));
        browser.visit("/").await;
        assert_eq!(times(&browser.status().await), (7_000, 3_600));
    }
}

#[tokio::test]
async fn visits_are_written_down_once_a_minute() {
    let app = TestApp::start_on(Kind::Memory, &SHORT).await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.clock.advance(Duration::seconds(59));
    browser.visit("/").await;
    assert_eq!(times(&browser.status().await), (9_941, 3_541));
    app.clock.advance(Duration::SECOND);
    browser.visit("/").await;
    assert_eq!(times(&browser.status().await), (9_940, 3_600));
}

fn times(status: &AuthStatus) -> (i64, i64) {
    let AuthStatus::SignedIn { session, .. } = status else {
        panic!("signed out")
    };
    (session.expires_in, session.idle_expires_in)
}

#[tokio::test]
async fn b086_no_activity_carries_a_session_past_its_lifetime() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &SHORT).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        for _ in 0..9 {
            app.clock.advance(Duration::seconds(1_000));
            browser.visit("/").await;
        }
        assert_eq!(times(&browser.status().await), (1_000, 1_000));
        app.clock.advance(Duration::seconds(1_000));
        assert_eq!(browser.sub().await, None);
    }
}

#[tokio::test]
async fn a_session_survives_a_restart_of_the_bff() {
    for kind in LASTING {
        let mut app = TestApp::start_on(kind, &[]).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        let before = browser.sub().await;
        app.restart().await;
        assert!(before.is_some());
        assert_eq!(browser.sub().await, before);
    }
}

#[tokio::test]
async fn b040_a_sign_in_survives_a_restart_of_the_bff() {
    for kind in LASTING {
        let mut app = TestApp::start_on(kind, &[]).await;
        let mut browser = app.browser();
        let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
        app.restart().await;
        browser.go(&callback).await;
        assert!(browser.sub().await.is_some());
    }
}

#[tokio::test]
async fn b236_a_fault_of_the_store_is_not_signed_out() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    app.break_store().await;

    let status = browser.fetch("/api/auth/status").await;
    assert_eq!(
        (status.status.as_u16(), status.json()["code"].as_str()),
        (503, Some("store_unavailable"))
    );
    let page = browser.visit("/").await;
    assert_eq!(page.status, 503);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'"),
        "b191"
    );
    assert!(!page.body.contains("isAuthenticated"), "{}", page.body);
    assert!(browser.session_id().is_some(), "the cookie stays");
    assert!(
        !status.body.contains("table"),
        "nobody sees the engine's words: {}",
        status.body
    );

    app.mend_store().await;
    assert!(browser.sub().await.is_some(), "and works again");
}

#[tokio::test]
async fn a_change_of_the_cookie_secret_signs_nobody_out_while_the_previous_one_is_known() {
    for kind in LASTING {
        let mut app = TestApp::start_on(kind, &[]).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        app.set("COOKIE_SECRET", "Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h");
        app.set("COOKIE_SECRET_PREVIOUS", COOKIE_SECRET);
        app.restart().await;
        assert!(browser.sub().await.is_some());

        app.set("COOKIE_SECRET_PREVIOUS", "");
        app.restart().await;
        assert_eq!(browser.sub().await, None);
    }
}

#[tokio::test]
async fn a_shorter_lifetime_counts_for_sessions_that_are_there() {
    for kind in LASTING {
        let mut app = TestApp::start_on(kind, &[]).await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        app.clock.advance(Duration::seconds(601));
        app.set("SESSION_LIFETIME_SECONDS", "600");
        app.restart().await;
        assert_eq!(browser.sub().await, None);
    }
}

/// Visits and a sign-out wait for the same lock, so that visits which were loaded before it are saved after it.
#[tokio::test]
async fn t05_a_visit_that_is_saved_after_a_sign_out_does_not_bring_the_session_back() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    for _ in 0..5 {
        browser.go("/sign-in").await;
        let thief = browser.clone();
        app.clock.advance(Duration::MINUTE); // a visit is written down again

        let lock = app.lock_store().await;
        let mut requests = Vec::new();
        for _ in 0..6 {
            let mut tab = thief.clone();
            requests.push(tokio::spawn(async move { tab.visit("/").await.status }));
        }
        let mut tab = thief.clone();
        let sign_out = async move { tab.post("/sign-out", "{}").await.status };
        requests.push(tokio::spawn(sign_out));
        for _ in 0..20 {
            // Reading waits for no lock: meanwhile the others have read, and wait to write.
            assert!(thief.clone().sub().await.is_some());
        }
        lock.release().await;
        for request in requests {
            assert_eq!(request.await.unwrap(), 200);
        }
        assert_eq!(app.stored_sessions().await, 0);
        assert_eq!(thief.clone().sub().await, None);
    }
}

#[tokio::test]
async fn b101_a_session_may_last_ten_years_beyond_every_32_bit_second() {
    let years = "315360000";
    let settings = [
        ("SESSION_IDLE_SECONDS", years),
        ("SESSION_LIFETIME_SECONDS", years),
        ("REFRESH_TOKEN_LIFETIME_SECONDS", years),
    ];
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &settings).await;
        app.clock.advance(Duration::days(8 * 365));
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        assert_eq!(times(&browser.status().await), (315_360_000, 315_360_000));
        app.clock.advance(Duration::days(9 * 365));
        assert!(browser.sub().await.is_some());
        app.clock.advance(Duration::days(365));
        assert_eq!(browser.sub().await, None);
    }
}

#[tokio::test]
async fn q34_ending_a_persons_sessions_ends_those_of_this_application_only() {
    for kind in [Kind::Sqlite, Kind::Postgres, Kind::Redis] {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let store = app.settings["SESSION_STORE"].clone();
        let other = HostileApp::start_with(&[("SESSION_STORE", &store)], nothing()).await;
        let (mut here, mut there) = (app.browser(), other.browser());
        app.sign_in(&mut here).await;
        other.sign_in(&mut there).await;
        assert_eq!(
            other
                .back_channel_logout(&other.logout_token(|_| {}))
                .await
                .status,
            200
        );
        assert_eq!(there.sub().await, None);
        assert!(
            here.sub().await.is_some(),
            "the same person at another provider"
        );
    }
}

#[tokio::test]
async fn q35_a_short_idle_limit_and_calls_to_the_api_keep_a_session_that_is_used() {
    for path in ["/", "/api/auth/sessions", "/api/auth/user-info"] {
        for (idle, pause) in [("6", 4), ("45", 40), ("3600", 3_500)] {
            let app = HostileApp::start_with(&[("SESSION_IDLE_SECONDS", idle)], nothing()).await;
            let mut browser = app.browser();
            app.sign_in(&mut browser).await;
            for _ in 0..5 {
                app.clock.advance(Duration::seconds(pause));
                assert_eq!(browser.fetch(path).await.status, 200, "{path} {idle}");
            }
            for _ in 0..2 {
                assert!(browser.sub().await.is_some(), "{path} {idle}");
                app.clock.advance(Duration::seconds(pause));
            }
            assert_eq!(
                browser.sub().await,
                None,
                "asking for the status is no visit"
            );
        }
    }
}

#[tokio::test]
async fn a_shorter_idle_limit_counts_for_sessions_that_began_before_and_a_longer_one_does_not() {
    for (before, after, left) in [("86400", "3600", 3_600), ("3600", "86400", 3_600)] {
        for kind in Kind::SHARED {
            let mut app =
                HostileApp::start_on(kind, &[("SESSION_IDLE_SECONDS", before)], nothing()).await;
            let mut browser = app.browser();
            app.sign_in(&mut browser).await;
            app.settings
                .insert("SESSION_IDLE_SECONDS", after.to_owned());
            let app = app.with_second_ahead(Duration::ZERO).await;
            let mut restarted = app.at_second(&browser);
            for _ in 0..3 {
                app.clock.advance(Duration::seconds(left - 1));
                assert_eq!(restarted.visit("/").await.status, 200);
                assert!(restarted.sub().await.is_some(), "{before} {after}");
            }
            app.clock.advance(Duration::seconds(left));
            assert_eq!(restarted.sub().await, None, "{before} {after}");
        }
    }
}

#[tokio::test]
async fn the_refresh_token_of_a_session_that_a_sign_in_replaces_is_revoked() {
    let app = HostileApp::start(nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    app.sign_in(&mut browser).await;
    app.asked(Endpoint::Revocation, 1).await;
    assert!(browser.sub().await.is_some());
}
