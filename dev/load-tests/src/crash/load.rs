//! The load of a round: tasks that do what people, their pages and the provider do, and write down what was acknowledged.

use super::{
    ledger::{Fate, Ledger, Session, Whose},
    report::{Operation, Report},
};
use crate::{
    provider::Provider,
    test_browser::{Answer, Http, NoAnswer, NotSignedIn, TestBrowser, Whom},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use reqwest::StatusCode;
use serde_json::Value;
use std::{
    net::Ipv4Addr,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::sleep};
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

/// What all tasks know.
pub(super) struct Load {
    pub(super) ports: Vec<u16>,
    pub(super) provider: Provider,
    pub(super) http: Http,
    pub(super) ledger: Mutex<Ledger>,
    pub(super) report: Mutex<Report>,
    /// Whether the round is over.
    pub(super) over: AtomicBool,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Load {
    /// Makes requests, one after the other, until the round is over.
    pub(super) async fn make_requests(&self, seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        while !self.over.load(Ordering::Relaxed) {
            // Now and then somebody comes back who has asked for the end.
            let any = random.random_ratio(1, 10);
            let sessions: Vec<Session> = {
                let ledger = lock(&self.ledger);
                let lives = |one: &&Session| any || ledger.fate(one) == Fate::Lives;
                ledger.alive().filter(lives).cloned().collect()
            };
            let choice = random.random_range(0..100);
            match sessions.choose(&mut random) {
                Some(session) if sessions.len() >= FEW => {
                    self.request(choice, sessions.len(), session, &mut random)
                        .await;
                }
                _ => self.sign_in(&mut random).await,
            }
        }
    }

    async fn request(&self, choice: u32, alive: usize, session: &Session, random: &mut StdRng) {
        let port = self.port(random).await;
        match choice {
            0..10 if alive < MANY => self.sign_in(random).await,
            0..64 => self.user_info(session, port).await,
            64..76 => self.visit(session, port).await,
            76..86 => self.status(session, port).await,
            86..93 => self.sign_out(session, port).await,
            93..95 => self.sign_out_everywhere(session, port).await,
            95..98 => {
                self.back_channel(session, Some(&session.whom.sid), port)
                    .await;
            }
            _ => self.back_channel(session, None, port).await,
        }
    }

    /// An instance that is there, as a proxy would choose: what finds nobody asks nothing.
    async fn port(&self, random: &mut StdRng) -> u16 {
        for _ in 0..TRIES {
            let port = self.ports.choose(random).copied().unwrap_or_default();
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .is_ok()
            {
                return port;
            }
            sleep(TRY_AGAIN).await;
        }
        0
    }

    fn note(&self, operation: Operation, acknowledged: bool) {
        lock(&self.report).note(operation, acknowledged);
    }

    async fn sign_in(&self, random: &mut StdRng) {
        let sub = format!("person-{}", random.random_range(0..PEOPLE));
        let sid = format!("{sub}-{}", random.random_range(0..SIDS));
        let whom = Whom { sub, sid };
        let ports = [self.port(random).await, self.port(random).await];
        let asked_at = Instant::now();
        let signed_in = TestBrowser::sign_in(&self.http, ports, &self.provider, &whom).await;
        self.note(Operation::SignIn, signed_in.is_ok());
        match signed_in {
            Ok(browser) => lock(&self.ledger).signed_in(browser, whom, asked_at),
            Err(NotSignedIn::Answered(what)) => lock(&self.report).refused_sign_in(&what),
            // Whether there is a session now, nobody can ask: its cookie was lost with the answer.
            Err(NotSignedIn::NoAnswer) => {}
        }
    }

    /// What renews the access token.
    async fn user_info(&self, session: &Session, port: u16) {
        let fate = lock(&self.ledger).fate(session);
        let answer = session.browser.get(port, "/api/auth/user-info").await;
        if answer.as_ref().err() == Some(&NoAnswer::BrokenOff) {
            lock(&self.ledger).refresh_unanswered(session.number);
        }
        self.note(Operation::UserInfo, is_success(&answer));
        self.must_not_be_alive(session, fate, is_success(&answer));
    }

    async fn status(&self, session: &Session, port: u16) {
        let fate = lock(&self.ledger).fate(session);
        let answer = session.browser.get(port, "/api/auth/status").await;
        self.note(Operation::Status, is_success(&answer));
        let is_alive = is_authenticated(answer.as_ref().ok()) == Some(true);
        self.must_not_be_alive(session, fate, is_alive);
    }

    async fn visit(&self, session: &Session, port: u16) {
        lock(&self.ledger).visits(session.number, port);
        let answer = session.browser.visit(port, "/").await;
        self.note(Operation::Visit, is_success(&answer));
    }

    async fn sign_out(&self, session: &Session, port: u16) {
        let wish = lock(&self.ledger).asks_to_end(Whose::Session(session.number));
        let answer = session.browser.post(port, "/sign-out", "").await;
        let acknowledged = is_success(&answer);
        self.note(Operation::SignOut, acknowledged);
        if acknowledged {
            lock(&self.ledger).acknowledged(wish);
        }
    }

    /// Ends the person's other sessions only if this one was there still: then it names the end session URL.
    async fn sign_out_everywhere(&self, session: &Session, port: u16) {
        let wishes = [
            Whose::Session(session.number),
            Whose::Subject(session.whom.sub.clone()),
        ]
        .map(|whose| lock(&self.ledger).asks_to_end(whose));
        let answer = session
            .browser
            .post(port, "/sign-out", r#"{"everywhere":true}"#)
            .await;
        let acknowledged = is_success(&answer);
        self.note(Operation::SignOutEverywhere, acknowledged);
        if let Some(answer) = answer.ok().filter(|_| acknowledged) {
            lock(&self.ledger).acknowledged(wishes[0]);
            let told = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
            if told["redirectTo"].as_str().is_some_and(|url| url != "/") {
                lock(&self.ledger).acknowledged(wishes[1]);
            }
        }
    }

    /// The provider does not end its grants with this: what ends, ends at the bff.
    async fn back_channel(&self, session: &Session, sid: Option<&str>, port: u16) {
        let sub = &session.whom.sub;
        let token = self.provider.at.logout_token(sub, sid).compact();
        let whose = sid.map_or_else(
            || Whose::Subject(sub.clone()),
            |sid| Whose::Sid(sid.to_owned()),
        );
        let wish = lock(&self.ledger).asks_to_end(whose);
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", &token)
            .finish();
        let answer = self
            .http
            .post_form(port, "/backchannel-logout", &form)
            .await;
        let acknowledged = is_success(&answer);
        self.note(Operation::BackChannelLogout, acknowledged);
        if acknowledged {
            lock(&self.ledger).acknowledged(wish);
        }
    }

    /// `fate` is that from before the question: an end was acknowledged, and then the session answered.
    fn must_not_be_alive(&self, session: &Session, fate: Fate, is_alive: bool) {
        if fate == Fate::Ended && is_alive {
            let number = session.number;
            lock(&self.report).violation(&format!(
                "session {number} answered, under load, after its acknowledged end"
            ));
        }
    }
}

fn is_success(answer: &Result<Answer, NoAnswer>) -> bool {
    answer
        .as_ref()
        .is_ok_and(|answer| answer.status.is_success())
}

/// What an answer to `/api/auth/status` says; nothing when it is a fault.
pub(super) fn is_authenticated(answer: Option<&Answer>) -> Option<bool> {
    let answer = answer.filter(|one| one.status == StatusCode::OK)?;
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    body["isAuthenticated"].as_bool()
}
