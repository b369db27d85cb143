//! When a session ends, and when its access token is renewed. All times are in seconds since 1970.

use crate::config::SessionConfig;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use shared::SessionTimes;

/// The times of a session. It ends when it is idle, at its absolute end, or with its refresh token, whichever is first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Times {
    /// When the person signed in.
    pub(super) since: i64,
    /// The last visit that was recorded. It is not sealed: the store keeps it as the session's expiry.
    #[serde(skip)]
    pub(super) last_seen_at: i64,
    /// How long after a visit the session's row expires: the idle time when the person signed in, in seconds.
    idle: i64,
    /// When the refresh token was issued. `None` exactly when there is no refresh token.
    pub(super) refresh_token_since: Option<i64>,
}

impl Times {
    /// The times of a sign-in at this moment.
    pub(super) fn begin(now: i64, has_refresh_token: bool, lifetimes: &SessionConfig) -> Self {
        Self {
            since: now,
            last_seen_at: now,
            idle: lifetimes.idle.whole_seconds(),
            refresh_token_since: has_refresh_token.then_some(now),
        }
    }

    pub(super) fn is_alive(self, now: i64, lifetimes: &SessionConfig) -> bool {
        now < self.ends_at(lifetimes)
    }

    /// When the session's row expires: the store keeps that, and a visit moves it.
    pub(super) fn row_expires_at(self) -> i64 {
        self.last_seen_at + self.idle
    }

    /// The opposite of [`Times::row_expires_at`].
    pub(super) fn set_row_expires_at(&mut self, expires_at: i64) {
        self.last_seen_at = expires_at - self.idle;
    }

    /// How long the session lives without a visit: a shorter setting counts for every session, a longer one for those that
    /// begin under it.
    fn idle(self, lifetimes: &SessionConfig) -> i64 {
        lifetimes.idle.whole_seconds().min(self.idle)
    }

    /// Whether the last recorded visit is long enough ago to record another one: a minute, or a tenth of a short idle time.
    pub(super) fn is_visit_due(self, now: i64, lifetimes: &SessionConfig) -> bool {
        now - self.last_seen_at >= (self.idle(lifetimes) / 10).min(60)
    }

    fn ends_at(self, lifetimes: &SessionConfig) -> i64 {
        self.ends_despite_visits_at(lifetimes)
            .min(self.last_seen_at + self.idle(lifetimes))
    }

    /// When the session ends even if the person keeps visiting.
    fn ends_despite_visits_at(self, lifetimes: &SessionConfig) -> i64 {
        let renewable = self.refresh_token_since.map_or(i64::MAX, |since| {
            since + lifetimes.refresh_token_lifetime.whole_seconds()
        });
        let absolute = self.since + lifetimes.lifetime.whole_seconds();
        absolute.min(renewable)
    }

    /// How long the session still lasts.
    pub(crate) fn remaining(self, now: i64, lifetimes: &SessionConfig) -> SessionTimes {
        SessionTimes {
            expires_in: self.ends_despite_visits_at(lifetimes) - now,
            idle_expires_in: self.ends_at(lifetimes) - now,
        }
    }
}

/// How long before its end an access token is renewed.
const RENEW_EARLY: i64 = 60;
/// For how many seconds an access token is new.
const NEW: i64 = 60;
/// Up to this many seconds earlier, at random: sessions that began together do not refresh together.
const JITTER: i64 = 15;

/// When to renew: a minute and the jitter before the end, but not before half of a short life, so that a short-lived token
/// causes no storm of requests.
fn renewal(now: i64, life: i64, jitter: i64) -> i64 {
    now + (life - RENEW_EARLY - jitter).max((life + 1) / 2)
}

/// When an access token is renewed and when it expires, in seconds since 1970.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct AccessTokenTimes {
    #[serde(default)]
    since: i64,
    renew_at: i64,
    expires_at: i64,
}

impl AccessTokenTimes {
    pub(super) fn of(now: i64, life: i64) -> Self {
        Self {
            since: now,
            renew_at: renewal(now, life, rand::rng().random_range(0..=JITTER)),
            expires_at: now + life,
        }
    }

    /// Whether it has expired or expires soon.
    pub(super) fn is_to_be_renewed(self, now: i64) -> bool {
        now >= self.renew_at
    }

    pub(super) fn is_alive(self, now: i64) -> bool {
        now < self.expires_at
    }

    /// Whether it was issued a moment ago, so that another one would be no better.
    pub(super) fn is_new(self, now: i64) -> bool {
        now - self.since < NEW
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn a_session_ends_idle_or_with_its_refresh_token_or_absolutely_whichever_is_first() {
        let lifetimes = SessionConfig {
            store: session_store::Address::Memory,
            idle: Duration::seconds(100),
            lifetime: Duration::seconds(1_000),
            refresh_token_lifetime: Duration::seconds(500),
        };
        for (last_seen_at, refresh_token_since, ends_despite_visits_at, ends_at) in [
            (0, None, 1_000, 100),
            (0, Some(0), 500, 100),
            (450, Some(0), 500, 500),
            (450, Some(300), 800, 550),
            (450, Some(600), 1_000, 550),
            (950, None, 1_000, 1_000),
        ] {
            let times = Times {
                since: 0,
                last_seen_at,
                idle: 200,
                refresh_token_since,
            };
            let remaining = times.remaining(10, &lifetimes);
            let expected = [ends_despite_visits_at - 10, ends_at - 10];
            assert_eq!([remaining.expires_in, remaining.idle_expires_in], expected);
            assert!(times.is_alive(ends_at - 1, &lifetimes));
            assert!(!times.is_alive(ends_at, &lifetimes));
        }
    }

    #[test]
    fn q35_a_visit_is_recorded_once_in_a_minute_or_in_a_tenth_of_a_short_idle_time() {
        for (idle, at_signing_in, due_after) in [
            (86_400, 86_400, 60),
            (600, 600, 60),
            (6, 6, 0),
            (45, 86_400, 4),
            (86_400, 45, 4),
            (1, 1, 0),
        ] {
            let mut lifetimes = SessionConfig {
                store: session_store::Address::Memory,
                idle: Duration::seconds(at_signing_in),
                lifetime: Duration::WEEK,
                refresh_token_lifetime: Duration::WEEK,
            };
            let times = Times::begin(1_000, true, &lifetimes);
            lifetimes.idle = Duration::seconds(idle);
            assert!(times.is_visit_due(1_000 + due_after, &lifetimes), "{idle}");
            assert!(!times.is_visit_due(999 + due_after, &lifetimes), "{idle}");
        }
    }

    #[test]
    fn b167_an_access_token_is_renewed_a_minute_early_and_a_short_one_after_half_its_life() {
        for (life, renewed_after) in [
            (3_600, 3_540),
            (120, 60),
            (90, 45),
            (60, 30),
            (5, 3),
            (1, 1),
        ] {
            assert_eq!(renewal(1_000, life, 0), 1_000 + renewed_after, "{life}");
        }
        assert_eq!(renewal(1_000, 3_600, 15), 1_000 + 3_525, "never later");
    }
}
