//! The load of a round: threads that do what people, their pages and the provider do, and write down what was acknowledged.

use super::{
    ledger::{Fate, Ledger, Session, Whose},
    report::{Operation, Report},
};
use crate::{
    http::{
        client::{NoAnswer, Question},
        message::Message,
    },
    instant_provider::InstantProvider,
    visitor::{NotSignedIn, Visitor, Whom},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, TcpStream},
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};
use url::form_urlencoded;

/// How many people there are, each with some sessions at the provider.
const PEOPLE: u32 = 12;
const SIDS: u32 = 3;
/// How many sessions a site has when it is left alone.
const FEW: usize = 12;
const MANY: usize = 36;
/// How often a client looks for an instance that is there.
const TRIES: u32 = 10;
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// What all threads of a round know.
pub(super) struct Round<'a> {
    pub(super) ports: &'a [u16],
    pub(super) provider: &'a InstantProvider,
    pub(super) ledger: &'a Mutex<Ledger>,
    pub(super) report: &'a Mutex<Report>,
    pub(super) over: &'a AtomicBool,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Round<'_> {
    /// Makes requests, one after the other, until the round is over.
    pub(super) fn make_requests(&self, seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        while !self.over.load(Ordering::Relaxed) {
            // Now and then somebody comes back who has asked for the end.
            let any = random.random_ratio(1, 10);
            let sessions: Vec<Session> = {
                let ledger = lock(self.ledger);
                let lives = |one: &&Session| any || ledger.fate(one) == Fate::Lives;
                ledger.alive().filter(lives).cloned().collect()
            };
            let choice = random.random_range(0..100);
            match sessions.choose(&mut random) {
                Some(session) if sessions.len() >= FEW => {
                    self.request(choice, sessions.len(), session, &mut random);
                }
                _ => self.sign_in(&mut random),
            }
        }
    }

    fn request(&self, choice: u32, alive: usize, session: &Session, random: &mut StdRng) {
        let port = self.port(random);
        match choice {
            0..10 if alive < MANY => self.sign_in(random),
            0..64 => self.user_info(session, port),
            64..76 => self.visit(session, port),
            76..86 => self.status(session, port),
            86..93 => self.sign_out(session, port),
            93..95 => self.sign_out_everywhere(session, port),
            95..98 => self.back_channel(session, Some(&session.whom.sid), port),
            _ => self.back_channel(session, None, port),
        }
    }

    /// An instance that is there, as a proxy would choose: what finds nobody asks nothing.
    fn port(&self, random: &mut StdRng) -> u16 {
        for _ in 0..TRIES {
            let port = self.ports.choose(random).copied().unwrap_or_default();
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return port;
            }
            thread::sleep(TRY_AGAIN);
        }
        0
    }

    fn note(&self, operation: Operation, acknowledged: bool) {
        lock(self.report).note(operation, acknowledged);
    }

    fn sign_in(&self, random: &mut StdRng) {
        let sub = format!("person-{}", random.random_range(0..PEOPLE));
        let sid = format!("{sub}-{}", random.random_range(0..SIDS));
        let whom = Whom { sub, sid };
        let ports = [self.port(random), self.port(random)];
        let asked_at = Instant::now();
        let signed_in = Visitor::sign_in(ports, self.provider.port(), &whom);
        self.note(Operation::SignIn, signed_in.is_ok());
        match signed_in {
            Ok(visitor) => lock(self.ledger).signed_in(visitor, whom, asked_at),
            Err(NotSignedIn::Answered(what)) => lock(self.report).refused_sign_in(&what),
            // Whether there is a session now, nobody can ask: its cookie was lost with the answer.
            Err(NotSignedIn::NoAnswer) => {}
        }
    }

    /// What renews the access token.
    fn user_info(&self, session: &Session, port: u16) {
        let fate = lock(self.ledger).fate(session);
        let answer = session.visitor.get(port, "/api/auth/user-info");
        if answer.as_ref().err() == Some(&NoAnswer::BrokenOff) {
            lock(self.ledger).refresh_unanswered(session.number);
        }
        self.note(Operation::UserInfo, is_success(&answer));
        self.must_not_be_alive(session, fate, is_success(&answer));
    }

    fn status(&self, session: &Session, port: u16) {
        let fate = lock(self.ledger).fate(session);
        let answer = session.visitor.get(port, "/api/auth/status");
        self.note(Operation::Status, is_success(&answer));
        let is_alive = answer.is_ok_and(|answer| is_authenticated(&answer) == Some(true));
        self.must_not_be_alive(session, fate, is_alive);
    }

    fn visit(&self, session: &Session, port: u16) {
        let answer = session.visitor.visit(port, "/");
        self.note(Operation::Visit, is_success(&answer));
    }

    fn sign_out(&self, session: &Session, port: u16) {
        let wish = lock(self.ledger).asks_to_end(Whose::Session(session.number));
        let answer = session.visitor.post(port, "/sign-out", "");
        let acknowledged = is_success(&answer);
        self.note(Operation::SignOut, acknowledged);
        if acknowledged {
            lock(self.ledger).acknowledged(wish);
        }
    }

    /// Ends the person's other sessions only if this one was there still: then it names the end session URL.
    fn sign_out_everywhere(&self, session: &Session, port: u16) {
        let wishes = [
            Whose::Session(session.number),
            Whose::Subject(session.whom.sub.clone()),
        ]
        .map(|whose| lock(self.ledger).asks_to_end(whose));
        let answer = session
            .visitor
            .post(port, "/sign-out", r#"{"everywhere":true}"#);
        let acknowledged = is_success(&answer);
        self.note(Operation::SignOutEverywhere, acknowledged);
        if let Some(answer) = answer.ok().filter(|_| acknowledged) {
            lock(self.ledger).acknowledged(wishes[0]);
            let told = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
            if told["redirectTo"].as_str().is_some_and(|url| url != "/") {
                lock(self.ledger).acknowledged(wishes[1]);
            }
        }
    }

    /// The provider does not end its grants with this: what ends, ends at the bff.
    fn back_channel(&self, session: &Session, sid: Option<&str>, port: u16) {
        let sub = &session.whom.sub;
        let token = self.provider.logout_token(sub, sid);
        let whose = sid.map_or_else(
            || Whose::Subject(sub.clone()),
            |sid| Whose::Sid(sid.to_owned()),
        );
        let wish = lock(self.ledger).asks_to_end(whose);
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", &token)
            .finish();
        let answer = Question {
            method: "POST",
            target: "/backchannel-logout",
            headers: &[("Content-Type", "application/x-www-form-urlencoded")],
            body: &form,
        }
        .ask(port);
        let acknowledged = is_success(&answer);
        self.note(Operation::BackChannelLogout, acknowledged);
        if acknowledged {
            lock(self.ledger).acknowledged(wish);
        }
    }

    /// `fate` is that from before the question: an end was acknowledged, and then the session answered.
    fn must_not_be_alive(&self, session: &Session, fate: Fate, is_alive: bool) {
        if fate == Fate::Ended && is_alive {
            let number = session.number;
            lock(self.report).violation(&format!(
                "session {number} answered, under load, after its acknowledged end"
            ));
        }
    }
}

fn is_success(answer: &Result<Message, NoAnswer>) -> bool {
    let status = answer.as_ref().ok().and_then(Message::status);
    status.is_some_and(|status| (200..300).contains(&status))
}

/// What an answer to `/api/auth/status` says; nothing when it is a fault.
pub(super) fn is_authenticated(answer: &Message) -> Option<bool> {
    if answer.status() != Some(200) {
        return None;
    }
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    body["isAuthenticated"].as_bool()
}
