//! A server that implements `SendSms` as Aliyun does, with the same checks, and shows the messages on a page.
//!
//! For development, demonstrations and tests: no message leaves this machine. A test serves [`Sandbox::router`] on its
//! own port and reads [`Sandbox::messages`]. The program `aliyun-sms-sandbox` calls [`serve`].
//!
//! | method, path | what |
//! | --- | --- |
//! | GET or POST `/` | Aliyun's API: `SendSms`, signed by V1 or V3, answered in JSON or XML |
//! | GET `/inbox` | the page: a phone for each number |
//! | GET, DELETE `/api/messages` | the messages, newest first; of one number with `?phone=` |
//! | DELETE `/api/messages/{id}` | one message |
//! | GET `/api/events` | server-sent events: something has come or gone |
//! | POST `/api/faults` | lets the next requests meet a [`Fault`], such as `{"kind": "slow", "seconds": 30}`, `{"kind":
//! "status", "status": 503}`, `{"kind": "garbage", "body": "truncated"}`, `{"kind": "throttled"}` or `{"kind": "code",
//! "code": "isv.AMOUNT_NOT_ENOUGH", "times": 3}` |
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

/// One sandbox: accounts of Aliyun and the messages of all phones. Clones share everything.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    accounts: Vec<Account>,
    clock: Clock,
    /// `None` if the limits are not enforced.
    limits: Option<Limits>,
    nonces: Nonces,
    faults: Faults,
    inbox: Inbox,
}

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The access key id.
    pub accounts: Vec<Account>,
    /// The clock that the date of requests is compared with.
    pub clock: Clock,
    /// Whether Aliyun's limits on messages to one number are enforced. In development they are soon reached.
    pub flow_limits: bool,
}

impl Sandbox {
    /// A sandbox with one account, the system's clock and no flow limits.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self::with_clock(account, Clock::system())
    }

    /// The same, with the caller's clock.
    #[must_use]
    pub fn with_clock(account: Account, clock: Clock) -> Self {
        Self::with_options(Options {
            accounts: vec![account],
            clock,
            flow_limits: false,
        })
    }

    /// A sandbox with these options.
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

    /// The router: the API at `/`, the page at `/inbox`, and messages, faults and events below `/api/`.
    pub fn router(&self) -> axum::Router {
        server::router(self.clone())
    }

    /// The messages, newest first. At most 1,000 are stored.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.inbox.newest_first(None)
    }

    /// The messages of one number, newest first. The number is given as digits, with or without `+`.
    #[must_use]
    pub fn messages_to(&self, phone: &str) -> Vec<Message> {
        self.0.inbox.newest_first(Some(phone))
    }

    /// Makes the next `times` requests fail, after the faults that are already waiting. Only correctly signed requests
    /// count.
    ///
    /// # Errors
    /// When the sandbox cannot produce the fault, or more than 1,000 would be waiting.
    pub fn add_fault(&self, fault: Fault, times: usize) -> Result<(), FaultError> {
        self.0.faults.add(fault, times)
    }

    /// The faults that are still waiting.
    #[must_use]
    pub fn waiting_faults(&self) -> Vec<Fault> {
        self.0.faults.waiting()
    }
}
