//! Asking every session, after a crash, what has become of it.

use super::{
    ACCESS_TOKEN_LIFE,
    judgement::{Answers, Outcome, judge},
    ledger::{Fate, Session},
    load::{Load, is_authenticated, lock},
};
use crate::test_browser::Answer;
use reqwest::StatusCode;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

/// How long to repeat a request after a transient fault (503): broken connections to a store that was killed are found one by
/// one, and the lease of a bff that was killed lasts some seconds.
const TIMEOUT: Duration = Duration::from_secs(12);
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// Sessions asked at the same time.
const AT_ONCE: usize = 8;

/// Asks everybody, and makes what was found what the next round has to find.
pub(super) async fn check(load: &Arc<Load>, after: &str) {
    let expired_at = Instant::now() + ACCESS_TOKEN_LIFE;
    let sessions: Vec<(Session, Fate)> = {
        let ledger = lock(&load.ledger);
        let known = ledger.sessions().iter();
        known
            .map(|session| (session.clone(), ledger.fate(session)))
            .collect()
    };
    let asked = |step: Step| ask_all(load, &sessions, step);
    let before = asked(Step::Status).await;
    sleep_until(expired_at).await;
    let user_infos = asked(Step::UserInfo).await;
    let all_after = asked(Step::Status).await;

    let mut alive = Vec::new();
    let found = before.into_iter().zip(user_infos).zip(all_after);
    for ((session, fate), ((before, user_info), after_it)) in sessions.iter().zip(found) {
        let answers = Answers {
            before: all_say(&before),
            user_info: status(&user_info),
            after: all_say(&after_it),
        };
        let mut report = lock(&load.report);
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
    lock(&load.ledger).settle(&alive);
}

/// What a session is asked.
#[derive(Clone, Copy)]
enum Step {
    /// Its status, at every instance.
    Status,
    /// The user's claims at the provider, by one instance.
    UserInfo,
}

/// Asks all sessions, some at a time. Returns each one's answers, in the order of the sessions.
async fn ask_all(
    load: &Arc<Load>,
    sessions: &[(Session, Fate)],
    step: Step,
) -> Vec<Vec<Option<Answer>>> {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut asking = JoinSet::new();
    for (index, (session, _)) in sessions.iter().enumerate() {
        let (load, session, permits) = (load.clone(), session.clone(), permits.clone());
        asking.spawn(async move {
            // Nobody closes the semaphore.
            let _permit = permits.acquire().await.ok();
            let (ports, target) = match step {
                Step::Status => (load.ports.clone(), "/api/auth/status"),
                Step::UserInfo => {
                    let port = load.ports[index % load.ports.len()];
                    (vec![port], "/api/auth/user-info")
                }
            };
            let mut answers = Vec::new();
            for port in ports {
                answers.push(patiently(&load, &session, port, target).await);
            }
            (index, answers)
        });
    }
    let mut answered = asking.join_all().await;
    answered.sort_unstable_by_key(|(index, _)| *index);
    answered.into_iter().map(|(_, answers)| answers).collect()
}

/// What every instance says of a session.
fn all_say(answers: &[Option<Answer>]) -> Vec<Option<bool>> {
    let answers = answers.iter().map(Option::as_ref);
    answers.map(is_authenticated).collect()
}

/// The status of the first answer; 0 when there is none.
fn status(answers: &[Option<Answer>]) -> u16 {
    let first = answers.first().and_then(Option::as_ref);
    first.map_or(0, |answer| answer.status.as_u16())
}

/// Asks again while there is a fault that passes.
async fn patiently(load: &Load, session: &Session, port: u16, target: &str) -> Option<Answer> {
    let begin = Instant::now();
    loop {
        let answer = session.browser.get(port, target).await.ok();
        let unavailable = |one: &Answer| one.status == StatusCode::SERVICE_UNAVAILABLE;
        if !answer.as_ref().is_none_or(unavailable) || begin.elapsed() > TIMEOUT {
            return answer;
        }
        lock(&load.report).faults_after_ready += 1;
        sleep(ASK_AGAIN).await;
    }
}
