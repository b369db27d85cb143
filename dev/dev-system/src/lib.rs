//! Starts the product on this machine: the SMS sandbox, the provider and the bff as processes that know each other
//! ([`local_system::LocalSystem`]), with a tenant that `provision-logto` makes; and the databases that tests and benchmarks need ([`stores`]).
//!
//! `cargo xtask run`, the browser stories and the load tests use it. It waits for processes in threads, without an async
//! runtime: `cargo xtask run` compiles it before anything else.

pub mod binaries;
pub mod browser;
pub mod debian;
pub mod environment;
pub mod interrupt;
pub mod local_system;
pub mod lock_file;
mod log_file;
pub mod npm;
pub mod ports;
mod process_group;
pub mod program;
pub mod readiness;
pub mod search_path;
pub mod secrets;
pub mod server;
pub mod step;
pub mod stores;
pub mod workspace;
