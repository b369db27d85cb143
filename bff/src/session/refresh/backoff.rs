//! After a fault of the provider, the refresh of a session waits longer and longer before the next attempt.

use session_store::SessionKey;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The longest wait in seconds, even if the provider asks for more.
const LONGEST: i64 = 60;
/// How many faults are remembered. Beyond that, faults whose wait is over are forgotten, and further faults are not noted.
const MANY: usize = 10_000;

/// Sessions whose last refresh failed with a transient fault.
#[derive(Debug, Default)]
pub(super) struct Backoff(Mutex<HashMap<SessionKey, Failed>>);

#[derive(Clone, Copy, Debug)]
struct Failed {
    times: u32,
    not_before: i64,
}

impl Backoff {
    fn failed_sessions(&self) -> MutexGuard<'_, HashMap<SessionKey, Failed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a refresh may be attempted now.
    pub(super) fn allows(&self, key: SessionKey, now: i64) -> bool {
        let failed = self.failed_sessions().get(&key).copied();
        // After the clock is set back, no session waits longer than the longest wait.
        failed.is_none_or(|failed| !(now..=now + LONGEST).contains(&(failed.not_before - 1)))
    }

    /// Notes a fault: the next attempt is after 1, 2, 4, … seconds, and not before the provider's `Retry-After`.
    pub(super) fn note_fault(&self, key: SessionKey, now: i64, retry_after: Option<i64>) {
        let mut failed = self.failed_sessions();
        if failed.len() >= MANY {
            failed.retain(|_, failed| failed.not_before > now);
            if failed.len() >= MANY && !failed.contains_key(&key) {
                return;
            }
        }
        let times = failed.get(&key).map_or(0, |failed| failed.times);
        let wait = 1_i64.checked_shl(times).unwrap_or(LONGEST);
        let wait = wait.max(retry_after.unwrap_or_default()).min(LONGEST);
        let next = Failed {
            times: (times + 1).min(LONGEST.ilog2() + 1),
            not_before: now + wait,
        };
        failed.insert(key, next);
    }

    pub(super) fn note_success(&self, key: SessionKey) {
        self.failed_sessions().remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_sessions::session::Id;

    fn key(id: i128) -> SessionKey {
        SessionKey::from(&Id(id))
    }

    const NOW: i64 = 1_795_374_720;

    #[test]
    fn each_fault_doubles_the_wait_up_to_a_minute() {
        let (backoff, id) = (Backoff::default(), key(1));
        let mut now = NOW;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert!(backoff.allows(id, now), "{wait}");
            backoff.note_fault(id, now, None);
            assert!(!backoff.allows(id, now));
            assert!(!backoff.allows(id, now + wait - 1), "{wait}");
            now += wait;
        }
        assert!(backoff.allows(key(2), NOW), "another session");
        backoff.note_success(id);
        assert!(backoff.allows(id, NOW));
    }

    #[test]
    fn b221_the_provider_may_ask_for_more_time_but_not_for_ever() {
        let (backoff, id) = (Backoff::default(), key(1));
        backoff.note_fault(id, NOW, Some(30));
        assert!(!backoff.allows(id, NOW + 29));
        assert!(backoff.allows(id, NOW + 30));
        backoff.note_fault(id, NOW, Some(86_400));
        assert!(!backoff.allows(id, NOW + 59));
        assert!(backoff.allows(id, NOW + 60));
        assert!(backoff.allows(id, NOW - 86_400), "the clock was put back");
    }

    #[test]
    fn what_is_waited_out_is_forgotten_when_there_is_much() {
        let backoff = Backoff::default();
        for id in 0..MANY as i128 {
            backoff.note_fault(key(id), NOW, None);
        }
        backoff.note_fault(key(-1), NOW, None);
        assert_eq!(backoff.failed_sessions().len(), MANY);
        backoff.note_fault(key(-1), NOW + 1, None);
        assert_eq!(backoff.failed_sessions().len(), 1);
    }
}
