//! What the stories need: a page with the app in it, and a bff.

mod fake_bff;
pub(crate) mod fake_stream;
mod page;

pub(crate) use fake_bff::{Answer, FakeBff, Request};
pub(crate) use page::{App, Page, SIGNED_IN, SIGNED_OUT, document, set_cookie, settle, window};
