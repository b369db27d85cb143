//! The source of time. Programs use [`Clock::system`]. Tests use [`Clock::stopped_at`] and advance it, so that no test
//! sleeps.

use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// A source of the current time. Clones share the time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Stopped(Arc<Mutex<OffsetDateTime>>),
    Ahead(Box<Clock>, Duration),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that is stopped until [`Clock::advance`] moves it.
    #[must_use]
    pub fn stopped_at(now: OffsetDateTime) -> Self {
        Self(Source::Stopped(Arc::new(Mutex::new(now))))
    }

    /// A clock that follows this one with a constant difference: ahead of it, or behind if `by` is negative.
    #[must_use]
    pub fn ahead(&self, by: Duration) -> Self {
        Self(Source::Ahead(Box::new(self.clone()), by))
    }

    /// The current time, in UTC.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::System => OffsetDateTime::now_utc(),
            Source::Stopped(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
            Source::Ahead(clock, by) => clock.now() + *by,
        }
    }

    /// The current time in whole seconds since 1970, as in the claims `iat` and `exp`.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.now().unix_timestamp()
    }

    /// The current time in whole milliseconds since 1970.
    #[must_use]
    pub fn unix_milliseconds(&self) -> i64 {
        let now = self.now();
        now.unix_timestamp() * 1_000 + i64::from(now.millisecond())
    }

    /// Moves a stopped clock and all its clones, backwards if `by` is negative.
    ///
    /// # Panics
    /// When this is the system's clock.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Source::System => panic!("the system's clock cannot be moved"),
            Source::Stopped(now) => *now.lock().unwrap_or_else(PoisonError::into_inner) += by,
            Source::Ahead(clock, _) => clock.advance(by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_stopped_clock_move_together() {
        let clock = Clock::stopped_at(OffsetDateTime::UNIX_EPOCH);
        let clone = clock.clone();
        clock.advance(Duration::minutes(10));
        assert_eq!((clone.unix(), clone.now()), (600, clock.now()));
    }

    #[test]
    fn a_clock_that_is_ahead_goes_with_the_other() {
        let clock = Clock::stopped_at(OffsetDateTime::UNIX_EPOCH);
        let (ahead, behind) = (
            clock.ahead(Duration::MINUTE),
            clock.ahead(-Duration::MINUTE),
        );
        ahead.advance(Duration::HOUR);
        assert_eq!(
            (behind.unix(), clock.unix(), ahead.unix()),
            (3_540, 3_600, 3_660)
        );
    }
}
