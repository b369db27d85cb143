//! Asking every session, after a crash, what has become of it.

use super::{
    ACCESS_TOKEN_LIFE,
    judgement::{Answers, Outcome, judge},
    ledger::{Fate, Session},
    load::{Round, is_authenticated, lock},
};
use crate::http::{client::NoAnswer, message::Message};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// A fault that passes (503) is asked again for so long: connections to a store that was killed are found broken one by
/// one, and the lease of a bff that was killed lives for seconds.
const PATIENCE: Duration = Duration::from_secs(12);
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// Sessions asked at the same time.
const AT_ONCE: usize = 8;

/// Asks everybody, and makes what was found what the next round has to find.
pub(super) fn check(round: &Round<'_>, after: &str) {
    let expired_at = Instant::now() + ACCESS_TOKEN_LIFE;
    let sessions: Vec<(Session, Fate)> = {
        let ledger = lock(round.ledger);
        let known = ledger.sessions().iter();
        known
            .map(|session| (session.clone(), ledger.fate(session)))
            .collect()
    };
    let statuses = || side_by_side(&sessions, |(session, _), _| status(round, session));
    let before = statuses();
    thread::sleep(expired_at.saturating_duration_since(Instant::now()));
    let user_infos = side_by_side(&sessions, |(session, _), index| {
        let port = round.ports[index % round.ports.len()];
        let answer = patiently(round, || session.visitor.get(port, "/api/auth/user-info"));
        answer.and_then(|answer| answer.status()).unwrap_or(0)
    });
    let all_after = statuses();

    let mut alive = Vec::new();
    let found = before.into_iter().zip(user_infos).zip(all_after);
    for ((session, fate), ((before, user_info), again)) in sessions.iter().zip(found) {
        let answers = Answers {
            before,
            user_info,
            after: again,
        };
        let mut report = lock(round.report);
        report.checked += 1;
        match judge(*fate, session.refresh_unanswered, &answers) {
            Ok(Outcome::Alive) => alive.push(session.number),
            Ok(Outcome::Dead) => {}
            Ok(Outcome::LostItsRefresh) => report.lost_refreshes += 1,
            Err(what) => report.violation(&format!(
                "{after}: session {} of {:?}: {what}; fate {fate:?}, refresh unanswered: {}, status {:?}, user-info {}, \
                 status {:?}",
                session.number,
                session.whom,
                session.refresh_unanswered,
                answers.before,
                answers.user_info,
                answers.after,
            )),
        }
    }
    lock(round.ledger).settle(&alive);
}

/// The status of a session at every instance.
fn status(round: &Round<'_>, session: &Session) -> Vec<Option<bool>> {
    let ports = round.ports.iter();
    let ask = |port: &u16| patiently(round, || session.visitor.get(*port, "/api/auth/status"));
    ports
        .map(|port| ask(port).as_ref().and_then(is_authenticated))
        .collect()
}

/// Asks again while there is a fault that passes.
fn patiently(round: &Round<'_>, ask: impl Fn() -> Result<Message, NoAnswer>) -> Option<Message> {
    let begin = Instant::now();
    loop {
        let answer = ask().ok();
        let passes = answer.as_ref().is_none_or(|one| one.status() == Some(503));
        if !passes || begin.elapsed() > PATIENCE {
            return answer;
        }
        lock(round.report).faults_after_ready += 1;
        thread::sleep(ASK_AGAIN);
    }
}

/// Does the same for all, some at a time; answers in their order.
fn side_by_side<T: Sync, R: Send>(all: &[T], work: impl Fn(&T, usize) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(index) else { return };
                    let result = work(one, index);
                    lock(&done).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
