//! What the routes do. A handler is a sentence: take, call the room that knows, answer.

pub(crate) mod assets;
pub(crate) mod back_channel_logout;
pub(crate) mod callback;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod page;
pub(crate) mod proxy;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod status;
pub(crate) mod user_info;
pub(crate) mod webhook;
