//! Stories through the front door: a browser, the bff, the embedded provider and the SMS sandbox, over HTTP.

mod callback;
mod id_token;
mod logs;
mod pages;
mod provider_down;
mod sessions;
mod sign_in;
mod sign_out;
mod support;
