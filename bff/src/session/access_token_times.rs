//! How long an access token lives, and when it is renewed: early, and not all of them at once.

use rand::RngExt;
use serde::{Deserialize, Serialize};

/// How long before its end an access token is renewed.
const RENEW_EARLY: i64 = 60;
/// Up to so many seconds earlier, by chance: sessions that began together do not refresh together.
const JITTER: i64 = 15;

/// One minute and the jitter before the end, but not before half of a short life, so that a token of seconds makes no storm.
fn renewal(now: i64, life: i64, jitter: i64) -> i64 {
    now + (life - RENEW_EARLY - jitter).max((life + 1) / 2)
}

/// In seconds since 1970.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct AccessTokenTimes {
    renew_at: i64,
    expires_at: i64,
}

impl AccessTokenTimes {
    pub(super) fn of(now: i64, life: i64) -> Self {
        Self {
            renew_at: renewal(now, life, rand::rng().random_range(0..=JITTER)),
            expires_at: now + life,
        }
    }

    /// Whether it has expired or is about to.
    pub(super) fn is_to_be_renewed(self, now: i64) -> bool {
        now >= self.renew_at
    }

    pub(super) fn is_alive(self, now: i64) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
