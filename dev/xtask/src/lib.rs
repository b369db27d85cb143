//! All automation of this workspace, in Rust: building, running, checking and testing it.
//!
//! The program `cargo xtask …` is in `main.rs`, with one file per command in [`commands`]. The library is also what
//! the browser stories use to start the three processes of a local run: [`local_system::LocalSystem`].

mod aliyun_clients;
pub mod axe;
pub mod bench;
pub mod binaries;
pub mod browser;
pub mod commands;
mod crash;
mod debian;
pub mod dist;
mod environment;
pub mod errors;
pub mod evidence;
pub mod frontend;
mod http;
mod in_browser;
mod instance;
mod instant_provider;
pub mod interrupt;
pub mod local_system;
mod lock_file;
mod npm;
pub mod ports;
mod process_group;
pub mod program;
pub mod readiness;
pub mod secrets;
pub mod server;
pub mod step;
pub mod stores;
pub mod tools;
mod visitor;
pub mod workspace;
