//! What the stories stand on.

mod app;
mod browser;
mod hostile_provider;
mod server;

pub(crate) use app::{APP_SECRET, COOKIE_SECRET, TestApp};
pub(crate) use browser::{Answer, TestBrowser};
pub(crate) use hostile_provider::{HostileApp, Signer, Spoilt};
