//! What the stories stand on.

mod address;
mod answer;
mod app;
mod browser;
mod captured_log;
mod collector;
mod cookie_jar;
mod doctor;
mod event_stream;
#[path = "../../../crates/session-store/tests/support/fresh_database.rs"]
mod fresh_database;
mod hostile_app;
mod judge;
mod network;
mod program;
mod redis_server;
mod relay;
mod server;
mod session_file;
mod shared_store;
mod site;
mod store;
pub(crate) mod wire;

pub(crate) use answer::Answer;
pub(crate) use app::{APP_SECRET, COOKIE_SECRET, TestApp};
pub(crate) use browser::{Fetched, TestBrowser};
pub(crate) use captured_log::CapturedLog;
pub(crate) use collector::Collector;
pub(crate) use cookie_jar::Refused;
pub(crate) use event_stream::every_stream_looks;
pub(crate) use fresh_database::Kind;
pub(crate) use hostile_app::HostileApp;
pub(crate) use judge::{Expected, cases};
pub(crate) use redis_server::RedisServer;
pub(crate) use relay::{Relay, behind_a_wire};
pub(crate) use shared_store::TableLock;
pub(crate) use test_provider::{
    Endpoint, Mutation, Reply, SUB, SignedToken, Signer, at, authorization_response, discovery,
    id_token, jwks, nothing, pushed, refresh, refreshed_id_token, tokens, user_info,
};
