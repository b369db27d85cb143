//! All automation of this workspace, in Rust: building, running, checking and testing it.
//!
//! The program `cargo xtask …` is in `main.rs`, with one file per command in [`commands`]. Starting the product, and
//! running other programs, is the library `dev-system`.

pub mod commands;
pub mod errors;
pub mod evidence;
pub mod frontend;
mod in_browser;
mod test_packages;
pub mod tools;

pub use dev_system::workspace;
use dev_system::{
    binaries, browser, interrupt, local_system, ports, program, readiness, search_path, secrets,
    server, step, stores,
};
