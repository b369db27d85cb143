//! What the provider said of a person a moment ago, so that a page which asks in many places asks the provider once.

use shared::Claims;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tower_sessions::session::Id;

/// How long an answer serves, in seconds. It is the longest time that a change at the provider stays unseen.
const LIFE: i64 = 5;
/// As many answers are kept; when there are more, the old ones go.
const MANY: usize = 1_000;

/// Answers of the userinfo endpoint by session.
#[derive(Default)]
pub(crate) struct UserInfoCache(Mutex<HashMap<Id, (i64, Claims)>>);

impl UserInfoCache {
    /// The answer, when it is young.
    pub(crate) fn get(&self, id: Id, now: i64) -> Option<Claims> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, claims) = answers.get(&id)?;
        is_young(*at, now).then(|| claims.clone())
    }

    /// Forgets the answer: the session's tokens have changed, or it has ended.
    pub(crate) fn forget(&self, id: Id) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.remove(&id);
    }

    pub(crate) fn put(&self, id: Id, now: i64, claims: Claims) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MANY {
            answers.retain(|_, (at, _)| is_young(*at, now));
        }
        if answers.len() < MANY {
            answers.insert(id, (now, claims));
        }
    }
}

/// One from the future, before the clock was put back, is not.
fn is_young(at: i64, now: i64) -> bool {
    (0..LIFE).contains(&(now - at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_374_720;

    #[test]
    fn an_answer_serves_its_own_session_for_some_seconds() {
        let cache = UserInfoCache::default();
        let claims = Claims {
            sub: "ada".to_owned(),
            ..Claims::default()
        };
        cache.put(Id(1), NOW, claims.clone());
        assert_eq!(cache.get(Id(1), NOW + LIFE - 1), Some(claims));
        for (id, now) in [(1, NOW + LIFE), (1, NOW - 1), (2, NOW)] {
            assert_eq!(cache.get(Id(id), now), None, "{id} {now}");
        }
        cache.forget(Id(1));
        assert_eq!(cache.get(Id(1), NOW), None);
    }

    #[test]
    fn many_sessions_take_bounded_memory() {
        let cache = UserInfoCache::default();
        for id in 0..=MANY as i128 {
            cache.put(Id(id), NOW, Claims::default());
        }
        assert_eq!(cache.0.lock().unwrap().len(), MANY);
        cache.put(Id(-1), NOW + LIFE, Claims::default());
        assert_eq!(cache.0.lock().unwrap().len(), 1);
    }
}
