//! A server that answers `SendSms` as Aliyun does, checks what Aliyun checks, and keeps the messages for a page.
//!
//! For development, demonstrations and tests: no message leaves this machine. A test serves [`Sandbox::router`] on a
//! port of its own and reads [`Sandbox::messages`]; the program `aliyun-sms-sandbox` calls [`serve`].

mod account;
mod answer;
mod authorization;
mod business_error;
mod events;
mod gateway_error;
mod inbox;
mod language;
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

pub use account::{Account, AccountError, Template};
pub use message::Message;
pub use serve::serve;
pub use template_text::{TemplateText, TemplateTextError};

use crate::Clock;
use inbox::Inbox;
use nonces::Nonces;
use std::sync::Arc;

/// One sandbox: an account of Aliyun and the phones of everybody. Clones share both.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    account: Account,
    clock: Clock,
    nonces: Nonces,
    inbox: Inbox,
}

impl Sandbox {
    /// A sandbox with the system's clock.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self::with_clock(account, Clock::system())
    }

    /// A sandbox with a clock of the caller.
    #[must_use]
    pub fn with_clock(account: Account, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            account,
            clock,
            nonces: Nonces::default(),
            inbox: Inbox::default(),
        }))
    }

    /// Everything it answers: the API at `/`, the page at `/inbox`, `/api/messages` and `/api/events`.
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
}
