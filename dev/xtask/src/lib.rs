//! All automation of this workspace, in Rust: building, running, checking and testing it.
//!
//! The program `cargo xtask …` is in `main.rs`, with one file per command in [`commands`]. Starting the product, and
//! running other programs, is the library `dev-system`.

mod aliyun_clients;
pub mod bench;
pub mod commands;
mod crash;
pub mod dist;
pub mod errors;
pub mod evidence;
pub mod frontend;
mod http;
mod in_browser;
mod instance;
mod instant_provider;
pub mod tools;
mod visitor;

pub use dev_system::workspace;
use dev_system::{
    binaries, browser, debian, environment, interrupt, local_system, lock_file, npm, ports,
    program, readiness, secrets, server, step, stores,
};
