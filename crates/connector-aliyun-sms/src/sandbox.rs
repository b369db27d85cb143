//! A server that answers `SendSms` as Aliyun does, checks what Aliyun checks, and keeps the messages for a page.
//!
//! For development, demonstrations and tests: no message leaves this machine. A test serves [`Sandbox::router`] on a
//! port of its own and reads [`Sandbox::messages`]; the program `aliyun-sms-sandbox` calls [`serve`].
//!
//! | method, path | what |
//! | --- | --- |
//! | GET or POST `/` | Aliyun's API: `SendSms`, signed by V1 or V3, answered in JSON or XML |
//! | GET `/inbox` | the page: a phone for each number |
//! | GET, DELETE `/api/messages` | the messages, newest first; of one number with `?phone=` |
//! | DELETE `/api/messages/{id}` | one message |
//! | GET `/api/events` | server-sent events: something has come or gone |
//! | POST `/api/faults` | lets the next requests meet a [`Fault`], such as `{"kind": "slow", "seconds": 30}`, `{"kind": "status", "status": 503}`, `{"kind": "garbage", "body": "truncated"}`, `{"kind": "throttled"}` or `{"kind": "code", "code": "isv.AMOUNT_NOT_ENOUGH", "times": 3}` |
//! | GET, DELETE `/api/faults` | those to come |

mod account;
mod answer;
mod api;
mod business_error;
mod codes;
mod control;
mod events;
mod faults;
mod gateway_error;
mod host;
mod inbox;
mod language;
mod limits;
mod message;
mod nonces;
mod page;
mod phone_numbers;
mod request;
mod send_sms;
mod serve;
mod server;
mod template_param;
mod template_text;
mod texts;
mod verify;

pub use account::{Account, AccountError, Region, Template};
pub use faults::{Fault, FaultError, Garbage};
pub use message::Message;
#[cfg(any(test, fuzzing))]
pub(crate) use request::ApiRequest;
pub use serve::serve;
pub use template_text::{TemplateText, TemplateTextError};

use crate::Clock;
use faults::Faults;
use inbox::Inbox;
use limits::Limits;
use nonces::Nonces;
use std::sync::Arc;

/// One sandbox: accounts of Aliyun and the phones of everybody. Clones share all of it.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    accounts: Vec<Account>,
    clock: Clock,
    /// None when they are not kept.
    limits: Option<Limits>,
    nonces: Nonces,
    faults: Faults,
    inbox: Inbox,
}

/// What a sandbox is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose requests are taken.
    pub accounts: Vec<Account>,
    /// What requests are dated by.
    pub clock: Clock,
    /// Whether Aliyun's limits on messages to one number are kept. A person who tries things out meets them soon.
    pub flow_limits: bool,
}

impl Sandbox {
    /// A sandbox with one account, the system's clock and no flow limits.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self::with_clock(account, Clock::system())
    }

    /// The same with a clock of the caller.
    #[must_use]
    pub fn with_clock(account: Account, clock: Clock) -> Self {
        Self::with_options(Options {
            accounts: vec![account],
            clock,
            flow_limits: false,
        })
    }

    /// A sandbox made of this.
    #[must_use]
    pub fn with_options(options: Options) -> Self {
        Self(Arc::new(Inner {
            accounts: options.accounts,
            clock: options.clock,
            limits: options.flow_limits.then(Limits::default),
            nonces: Nonces::default(),
            faults: Faults::default(),
            inbox: Inbox::default(),
        }))
    }

    /// Everything it answers: the API at `/`, the page at `/inbox`, and below `/api/` messages, faults and events.
    pub fn router(&self) -> axum::Router {
        server::router(self.clone())
    }

    /// The messages, newest first. The oldest are forgotten after 1,000.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.inbox.newest_first(None)
    }

    /// The messages of one number, newest first: its digits, with or without `+`.
    #[must_use]
    pub fn messages_to(&self, phone: &str) -> Vec<Message> {
        self.0.inbox.newest_first(Some(phone))
    }

    /// Lets the next requests meet a fault, each one of `times`, after those that are to come already. Only a request that
    /// is signed rightly, and so would be answered, meets one.
    ///
    /// # Errors
    /// When there is no such fault, or more than 1,000 would be to come.
    pub fn add_fault(&self, fault: Fault, times: usize) -> Result<(), FaultError> {
        self.0.faults.add(fault, times)
    }

    /// The faults that no request has met yet.
    #[must_use]
    pub fn faults_to_come(&self) -> Vec<Fault> {
        self.0.faults.to_come()
    }
}
