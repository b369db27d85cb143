//! When a session ends: idle, absolute, or with its refresh token, whichever is first.

use crate::config::SessionConfig;
use serde::{Deserialize, Serialize};
use shared::SessionTimes;
use time::OffsetDateTime;

/// What decides it, in seconds since 1970.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Times {
    /// When the sign-in was.
    pub(super) since: i64,
    /// The last visit that was written down.
    pub(super) last_seen_at: i64,
    /// When the refresh token came; none when there is none.
    pub(super) refresh_token_since: Option<i64>,
}

impl Times {
    /// Of a sign-in at this moment.
    pub(super) fn begin(now: i64, has_refresh_token: bool) -> Self {
        Self {
            since: now,
            last_seen_at: now,
            refresh_token_since: has_refresh_token.then_some(now),
        }
    }

    pub(crate) fn is_alive(self, now: i64, lifetimes: &SessionConfig) -> bool {
        now < self.ends_at(lifetimes)
    }

    /// The end as a date, for whoever keeps the session.
    pub(super) fn expiry(self, lifetimes: &SessionConfig) -> OffsetDateTime {
        date(self.ends_at(lifetimes))
    }

    /// The end however often the person comes and whatever the provider renews, as a date.
    pub(super) fn last_expiry(self, lifetimes: &SessionConfig) -> OffsetDateTime {
        date(self.ends_absolutely_at(lifetimes))
    }

    fn ends_at(self, lifetimes: &SessionConfig) -> i64 {
        let idle = self.last_seen_at + lifetimes.idle.whole_seconds();
        self.ends_at_last(lifetimes).min(idle)
    }

    /// The end, however often the person comes.
    fn ends_at_last(self, lifetimes: &SessionConfig) -> i64 {
        let renewable = self.refresh_token_since.map_or(i64::MAX, |since| {
            since + lifetimes.refresh_token_lifetime.whole_seconds()
        });
        self.ends_absolutely_at(lifetimes).min(renewable)
    }

    fn ends_absolutely_at(self, lifetimes: &SessionConfig) -> i64 {
        self.since + lifetimes.lifetime.whole_seconds()
    }

    /// How long the session still lasts.
    pub(crate) fn left(self, now: i64, lifetimes: &SessionConfig) -> SessionTimes {
        SessionTimes {
            expires_in: self.ends_at_last(lifetimes) - now,
            idle_expires_in: self.ends_at(lifetimes) - now,
        }
    }
}

fn date(unix: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
