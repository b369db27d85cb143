//! How many requests one subscriber may make to what costs the provider something, `/sign-in` and `/callback`, and how
//! many logout tokens that are refused.

mod counts;

use crate::{AppState, error::Error, handlers::page, page::audience::Audience};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use counts::Counts;
use shared::ProblemCode;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Mutex, PoisonError},
};
use tower_sessions::Session;

const SECONDS: i64 = 60;
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Counts requests by subscriber, anew every minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// In a minute; none is no limit.
    most: Option<u32>,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    counts: Counts,
}

impl RateLimit {
    pub(crate) fn new(most: Option<u32>) -> Self {
        Self {
            most,
            window: Mutex::default(),
        }
    }

    /// Counts one request; answers whether it is one too many.
    fn is_exceeded(&self, client: IpAddr, now: i64) -> bool {
        self.most
            .is_some_and(|most| self.count(1, client, now) > most)
    }

    /// Whether one more would be too many; nothing is counted.
    fn is_used_up(&self, client: IpAddr, now: i64) -> bool {
        self.most
            .is_some_and(|most| self.count(0, client, now) >= most)
    }

    /// Adds so many requests to those of this minute; answers how many there are.
    fn count(&self, requests: u32, client: IpAddr, now: i64) -> u32 {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.div_euclid(SECONDS);
        if window.minute != minute {
            *window = Window {
                minute,
                counts: Counts::default(),
            };
        }
        let count = window.counts.of(client);
        *count = count.saturating_add(requests);
        *count
    }
}

/// Refuses what is too much, before the provider or a pending sign-in is touched. A callback that was refused works when it is loaded again.
pub(crate) async fn check(
    State(app): State<AppState>,
    session: Session,
    audience: Audience,
    request: Request,
    next: Next,
) -> Response {
    if app
        .rate_limit
        .is_exceeded(client(&app, &request), app.clock.unix())
    {
        let error = Error::Refused(ProblemCode::RateLimited);
        return page::refuse(&app, &session, &audience, &error).await;
    }
    next.run(request).await
}

/// Refuses logout tokens before their signatures are verified, which takes time, and anybody may post one. Only those that
/// were refused count: the provider posts one for each session that ends, all from its address, and a session that should
/// end must not live on because others ended in the same minute.
pub(crate) async fn check_logout_token(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let client = client(&app, &request);
    if app
        .refused_logout_tokens
        .is_used_up(client, app.clock.unix())
    {
        return Error::Refused(ProblemCode::RateLimited).into_response();
    }
    let response = next.run(request).await;
    if response.status().is_client_error() {
        app.refused_logout_tokens.count(1, client, app.clock.unix());
    }
    response
}

fn client(app: &AppState, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(UNKNOWN, |peer| peer.0.ip());
    app.trusted_proxies.client(peer, request.headers())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_374_720;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number))
    }

    #[test]
    fn each_subscriber_has_so_many_requests_in_a_minute() {
        let limit = RateLimit::new(Some(2));
        let taken = |client, now| limit.is_exceeded(address(client), now);
        assert_eq!(
            [taken(1, NOW), taken(1, NOW), taken(1, NOW)],
            [false, false, true]
        );
        assert!(!taken(2, NOW), "another one");
        assert!(taken(1, NOW + 59));
        assert!(!taken(1, NOW + 60), "the next minute");
        assert!(!taken(1, NOW), "a clock that was put back locks nobody out");
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let limit = RateLimit::new(None);
        assert!((0..1_000).all(|_| !limit.is_exceeded(address(1), NOW)));
        assert_eq!(limit.window.lock().unwrap().counts.len(), 0);
    }
}
