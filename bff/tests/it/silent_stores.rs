//! A store on another machine that is gone without a word, and one that answers as what it no longer is.

use crate::support::{
    Endpoint, HostileApp, Kind, RedisServer, Relay, TableLock, TestBrowser, at, behind_a_wire,
    nothing,
};
use shared::{SessionEvent, SignedOut, SignedOutReason};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// A bound that only what never comes back reaches.
const LONG: Duration = Duration::from_secs(40);

async fn on(store: &str) -> HostileApp {
    let app = HostileApp::start_with(&[("SESSION_STORE", store)], nothing()).await;
    app.with_second_ahead(time::Duration::ZERO).await
}

/// Asks until the store answers again.
async fn assert_answers_again(browser: &mut TestBrowser) {
    let began = Instant::now();
    while browser.fetch("/api/auth/status").await.status != 200 {
        assert!(began.elapsed() < LONG, "no answer");
        sleep(Duration::from_millis(100)).await;
    }
    assert!(browser.sub().await.is_some());
}

/// Ends sessions at the second instance until a page at the first is told at once: sooner than it looks by itself.
async fn assert_tells_again(app: &HostileApp) {
    let began = Instant::now();
    let reason = SignedOutReason::Provider;
    let signed_out = SessionEvent::SignedOut(SignedOut { reason });
    loop {
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        let mut events = browser.events().await;
        let token = app.logout_token(|_| {});
        app.back_channel_logout_at_second(&token).await;
        // A page that finds out by itself does not know why.
        let told = timeout(Duration::from_secs(2), events.next()).await;
        if told == Ok(Some(signed_out)) {
            return;
        }
        assert!(began.elapsed() < LONG, "nothing is told");
    }
}

#[tokio::test]
async fn b236_connections_that_have_fallen_silent_are_replaced() {
    for kind in Kind::SHARED {
        let (relay, store) = behind_a_wire(kind).await;
        let app = on(&store).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        relay.lose_connections();
        assert_answers_again(&mut browser).await;
        assert_answers_again(&mut app.at_second(&browser)).await;
        assert_tells_again(&app).await;
    }
}

/// Another instance may have the lease by then, and a refresh token that two use ends the whole grant.
#[tokio::test]
async fn an_instance_whose_lease_is_almost_over_leaves_the_refresh_token_alone() {
    for kind in Kind::SHARED {
        let (relay, store) = behind_a_wire(kind).await;
        let app = on(&store).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        // The access token and what is known of the provider are old.
        app.clock.advance(time::Duration::hours(1));
        let discoveries = app.requests(Endpoint::Discovery);
        app.spoil(at(Endpoint::Discovery, |reply| reply.held = true));
        let mut tab = browser.clone();
        let asking = tokio::spawn(async move { user_info(&mut tab).await });
        app.asked(Endpoint::Discovery, discoveries + 1).await;
        relay.hang();
        // What is left of the lease is shorter than a request to the provider may take.
        sleep(Duration::from_secs(3)).await;
        app.spoil(nothing());
        app.release();
        assert_eq!(asking.await.unwrap(), 503, "{kind:?}");
        assert_eq!(app.requests(Endpoint::Refresh), 0, "{kind:?}");

        relay.mend();
        assert_answers_again(&mut browser).await;
        assert_eq!(user_info(&mut browser).await, 200, "{kind:?}");
        assert_eq!(app.requests(Endpoint::Refresh), 1, "{kind:?}");
    }
}

async fn user_info(browser: &mut TestBrowser) -> u16 {
    browser.fetch("/api/auth/user-info").await.status.as_u16()
}

/// The library asks a connection that comes back to the pool whether it is there, and waits for the answer.
#[tokio::test]
async fn b237_statements_whose_answers_never_come_do_not_keep_the_pool() {
    let (relay, store) = behind_a_wire(Kind::Postgres).await;
    let app = on(&store).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;
    let mut lock = TableLock::on(&store).await;
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let mut tab = browser.clone();
            tokio::spawn(async move { tab.fetch("/api/auth/status").await.status })
        })
        .collect();
    lock.holds_up(10).await;
    relay.lose_connections();
    for answer in waiting {
        assert_eq!(answer.await.unwrap(), 503);
    }
    assert_answers_again(&mut browser).await;
}

#[tokio::test]
async fn b236_a_redis_that_has_become_a_replica_is_left() {
    let (Some(old), Some(new)) = (RedisServer::start().await, RedisServer::start().await) else {
        eprintln!("NOT CHECKED: neither redis-server nor valkey-server is installed");
        return;
    };
    let relay = Relay::to(old.address).await;
    let app = on(&format!("redis://{}", relay.address)).await;
    let mut browser = app.browser();
    app.sign_in(&mut browser).await;

    new.follow(&old).await;
    new.lead().await;
    relay.lead_to(new.address);
    old.follow(&new).await;

    let began = Instant::now();
    let mut other = app.browser();
    loop {
        let callback = app.sign_in_until_callback(&mut other).await;
        if other.visit(&callback).await.location() == "/" {
            break;
        }
        assert!(began.elapsed() < LONG, "nobody signs in any more");
        sleep(Duration::from_secs(1)).await;
    }
    assert!(other.sub().await.is_some());
    assert!(browser.sub().await.is_some(), "it was copied");
    assert_tells_again(&app).await;
}
