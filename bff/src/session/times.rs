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
    /// When the refresh token came; none exactly when there is none. The times are read without the tokens, too.
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

    /// The end whatever the person and the provider do, as a date.
    pub(super) fn absolute_expiry(self, lifetimes: &SessionConfig) -> OffsetDateTime {
        date(self.ends_absolutely_at(lifetimes))
    }

    fn ends_at(self, lifetimes: &SessionConfig) -> i64 {
        let idle = self.last_seen_at + lifetimes.idle.whole_seconds();
        self.ends_despite_visits_at(lifetimes).min(idle)
    }

    /// The end, however often the person comes.
    fn ends_despite_visits_at(self, lifetimes: &SessionConfig) -> i64 {
        let renewable = self.refresh_token_since.map_or(i64::MAX, |since| {
            since + lifetimes.refresh_token_lifetime.whole_seconds()
        });
        self.ends_absolutely_at(lifetimes).min(renewable)
    }

    fn ends_absolutely_at(self, lifetimes: &SessionConfig) -> i64 {
        self.since + lifetimes.lifetime.whole_seconds()
    }

    /// How long the session still lasts.
    pub(crate) fn remaining(self, now: i64, lifetimes: &SessionConfig) -> SessionTimes {
        SessionTimes {
            expires_in: self.ends_despite_visits_at(lifetimes) - now,
            idle_expires_in: self.ends_at(lifetimes) - now,
        }
    }
}

fn date(unix: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreConfig;
    use time::Duration;

    #[test]
    fn a_session_ends_idle_or_with_its_refresh_token_or_absolutely_whichever_is_first() {
        let lifetimes = SessionConfig {
            store: StoreConfig::Memory,
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
                refresh_token_since,
            };
            let remaining = times.remaining(10, &lifetimes);
            let expected = [ends_despite_visits_at - 10, ends_at - 10];
            assert_eq!([remaining.expires_in, remaining.idle_expires_in], expected);
            assert_eq!(times.expiry(&lifetimes).unix_timestamp(), ends_at);
            let absolute = times.absolute_expiry(&lifetimes);
            assert_eq!(absolute.unix_timestamp(), 1_000);
            assert!(times.is_alive(ends_at - 1, &lifetimes));
            assert!(!times.is_alive(ends_at, &lifetimes));
        }
    }
}
