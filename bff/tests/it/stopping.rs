//! A stop lets what is under way finish, and ends what would not end by itself.

use crate::support::{Endpoint, HostileApp, Kind, at, nothing};
use time::Duration;

#[tokio::test]
async fn b217_a_stop_ends_streams_and_lets_a_refresh_be_stored_though_nobody_waits_for_it() {
    let app = HostileApp::start_on(Kind::Sqlite, &[], nothing()).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let program = app.start_program().await;
    let mut there = browser.led_to(&program.url);
    let mut events = there.events().await;
    app.clock.advance(Duration::hours(1));
    app.spoil(at(Endpoint::Refresh, |reply| reply.held = true));
    let refreshing = tokio::spawn({
        let mut tab = there.clone();
        async move { tab.fetch("/api/auth/user-info").await.status }
    });
    app.asked(Endpoint::Refresh, 1).await;
    refreshing.abort();

    let ending = program.ask_to_stop();
    assert_eq!(events.next().await, None);
    assert!(!ending.is_finished(), "a refresh is under way");
    app.spoil(nothing());
    app.release();
    ending.await.unwrap();

    // The session has the new refresh token: the provider would not take the old one.
    let answer = app.user_info(&mut browser).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(app.requests(Endpoint::Refresh), 1);
}
