//! What clients asked for and what was acknowledged, and from that what must have become of a session.

use crate::test_browser::{TestBrowser, Whom};
use std::{sync::Arc, time::Instant};

/// So many sessions that have ended are remembered: one that comes back later is noticed, too.
const MOST_DEAD: usize = 40;

/// What a session must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its sign-in was acknowledged, and nobody asked for its end.
    Lives,
    /// An end was acknowledged that was asked for after the sign-in was acknowledged.
    Ended,
    /// An end was asked for and not acknowledged, or while the sign-in was under way: both are right.
    Either,
}

/// Whose sessions somebody wants to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The one of this number.
    Session(u64),
    /// Those that began in this session of the provider.
    Sid(String),
    /// All of this person.
    Subject(String),
}

/// A wish to end sessions.
struct Ending {
    number: u64,
    whose: Whose,
    asked_at: Instant,
    acknowledged_at: Option<Instant>,
}

/// A session whose sign-in was acknowledged.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) number: u64,
    pub(super) browser: Arc<TestBrowser>,
    pub(super) whom: Whom,
    asked_at: Instant,
    acknowledged_at: Instant,
    /// A request that may refresh its tokens reached a bff that was killed before it answered. The provider may have
    /// replaced the refresh token, and nobody knows the next one: the session may end, but must end as a whole.
    pub(super) refresh_unanswered: bool,
    /// The ports of the bffs that may be refreshing its tokens in the background: a visit does not wait for that.
    visited_at: Vec<u16>,
    is_dead: bool,
}

/// All sessions of a site, and the wishes of this round.
#[derive(Default)]
pub(super) struct Ledger {
    count: u64,
    sessions: Vec<Session>,
    endings: Vec<Ending>,
}

impl Ledger {
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Those that had not ended when the round began.
    pub(super) fn alive(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter().filter(|session| !session.is_dead)
    }

    /// Notes a sign-in that was acknowledged just now.
    pub(super) fn signed_in(&mut self, browser: TestBrowser, whom: Whom, asked_at: Instant) {
        let session = Session {
            number: self.next(),
            browser: Arc::new(browser),
            whom,
            asked_at,
            acknowledged_at: Instant::now(),
            refresh_unanswered: false,
            visited_at: Vec::new(),
            is_dead: false,
        };
        self.sessions.push(session);
    }

    /// Notes that an end is asked for from now on. Answers its number.
    pub(super) fn asks_to_end(&mut self, whose: Whose) -> u64 {
        let number = self.next();
        self.endings.push(Ending {
            number,
            whose,
            asked_at: Instant::now(),
            acknowledged_at: None,
        });
        number
    }

    /// Notes that the end with this number was acknowledged just now.
    pub(super) fn acknowledged(&mut self, number: u64) {
        let mut endings = self.endings.iter_mut();
        if let Some(ending) = endings.find(|ending| ending.number == number) {
            ending.acknowledged_at = Some(Instant::now());
        }
    }

    /// Notes that a request which may refresh this session's tokens got no answer.
    pub(super) fn refresh_unanswered(&mut self, number: u64) {
        let mut sessions = self.sessions.iter_mut();
        if let Some(session) = sessions.find(|session| session.number == number) {
            session.refresh_unanswered = true;
        }
    }

    /// Notes a visit, which may begin a refresh in the background.
    pub(super) fn visits(&mut self, number: u64, port: u16) {
        let mut sessions = self.sessions.iter_mut();
        if let Some(session) = sessions.find(|session| session.number == number) {
            session.visited_at.push(port);
        }
    }

    /// Notes that the bff at this port was killed, and with it the refreshes that visits there began.
    pub(super) fn killed(&mut self, port: u16) {
        for session in &mut self.sessions {
            session.refresh_unanswered |= session.visited_at.contains(&port);
        }
    }

    /// What must have become of a session by now.
    pub(super) fn fate(&self, session: &Session) -> Fate {
        if session.is_dead {
            return Fate::Ended;
        }
        let mut fate = Fate::Lives;
        for ending in self.endings.iter().filter(|ending| ending.covers(session)) {
            match ending.acknowledged_at {
                Some(_) if ending.asked_at >= session.acknowledged_at => return Fate::Ended,
                Some(at) if at < session.asked_at => {} // it was over before the session began
                // What was not acknowledged may still have come about late.
                _ => fate = Fate::Either,
            }
        }
        fate
    }

    /// Forgets the round: what was found becomes what the next one must find. `alive` are numbers of sessions.
    pub(super) fn settle(&mut self, alive: &[u64]) {
        self.endings.clear();
        for session in &mut self.sessions {
            session.is_dead = !alive.contains(&session.number);
            session.refresh_unanswered = false;
            session.visited_at.clear();
        }
        let dead = self.sessions.iter().filter(|session| session.is_dead);
        let mut too_many = dead.count().saturating_sub(MOST_DEAD);
        self.sessions.retain(|session| {
            let goes = session.is_dead && too_many > 0;
            too_many -= usize::from(goes);
            !goes
        });
    }
}

impl Ending {
    fn covers(&self, session: &Session) -> bool {
        match &self.whose {
            Whose::Session(number) => *number == session.number,
            Whose::Sid(sid) => *sid == session.whom.sid,
            Whose::Subject(sub) => *sub == session.whom.sub,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in(ledger: &mut Ledger, sub: &str, sid: &str, asked_at: Instant) -> u64 {
        let (sub, sid) = (sub.to_owned(), sid.to_owned());
        ledger.signed_in(TestBrowser::of("session=1"), Whom { sub, sid }, asked_at);
        ledger.count
    }

    fn fate(ledger: &Ledger, number: u64) -> Fate {
        let session = ledger.sessions.iter().find(|one| one.number == number);
        ledger.fate(session.unwrap())
    }

    #[test]
    fn an_end_counts_for_whom_it_was_asked_for_and_only_when_acknowledged() {
        for (whose, fates) in [
            (Whose::Session(1), [Fate::Ended, Fate::Lives, Fate::Lives]),
            (
                Whose::Sid("a".to_owned()),
                [Fate::Ended, Fate::Ended, Fate::Lives],
            ),
            (Whose::Subject("ada".to_owned()), [Fate::Ended; 3]),
            (Whose::Subject("bob".to_owned()), [Fate::Lives; 3]),
        ] {
            let mut ledger = Ledger::default();
            let numbers =
                ["a", "a", "b"].map(|sid| sign_in(&mut ledger, "ada", sid, Instant::now()));
            let number = ledger.asks_to_end(whose);
            let asked = fates.map(|fate| match fate {
                Fate::Ended => Fate::Either,
                other => other,
            });
            assert_eq!(numbers.map(|number| fate(&ledger, number)), asked);
            ledger.acknowledged(number);
            assert_eq!(numbers.map(|number| fate(&ledger, number)), fates);
        }
    }

    #[test]
    fn an_end_and_a_sign_in_side_by_side_may_come_in_either_order() {
        let mut ledger = Ledger::default();
        let subject = || Whose::Subject("ada".to_owned());
        let (over, before) = (ledger.asks_to_end(subject()), Instant::now());
        let unanswered = ledger.asks_to_end(Whose::Sid("a".to_owned()));
        ledger.acknowledged(over);
        let begun_meanwhile = sign_in(&mut ledger, "ada", "b", before);
        let begun_after = sign_in(&mut ledger, "ada", "b", Instant::now());
        let late = sign_in(&mut ledger, "ada", "a", Instant::now());
        assert_eq!(fate(&ledger, begun_meanwhile), Fate::Either);
        assert_eq!(fate(&ledger, begun_after), Fate::Lives);
        assert_eq!(fate(&ledger, late), Fate::Either, "{unanswered}");
    }

    #[test]
    fn what_was_found_holds_from_then_on_and_the_oldest_dead_are_forgotten() {
        let mut ledger = Ledger::default();
        let numbers: Vec<_> = (0..MOST_DEAD + 2)
            .map(|_| sign_in(&mut ledger, "ada", "a", Instant::now()))
            .collect();
        ledger.asks_to_end(Whose::Session(numbers[1]));
        ledger.settle(&numbers[1..2]);
        assert_eq!(fate(&ledger, numbers[1]), Fate::Lives);
        assert_eq!(fate(&ledger, numbers[2]), Fate::Ended);
        assert_eq!(ledger.sessions.len(), MOST_DEAD + 1);
        assert_eq!(ledger.sessions[0].number, numbers[1]);
    }
}
