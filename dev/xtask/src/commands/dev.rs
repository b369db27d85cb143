//! `cargo xtask dev`: as `run`, but trunk serves the frontend and builds it again whenever a source is saved.

use super::run;
use crate::{
    binaries, frontend, interrupt,
    ports::{self, Ports},
    readiness::{Question, Readiness},
    server::Server,
    step::step,
    tools::SearchPath,
};
use anyhow::Result;
use std::{
    io::{self, Write as _},
    time::Duration,
};

/// Builds the servers, starts them and trunk, and runs until Ctrl-C or until one of them ends.
///
/// # Errors
/// When a port is taken, a build does not succeed, or a process ends by itself.
pub fn run() -> Result<()> {
    let path = SearchPath::of_this_machine();
    ports::require_free(&Ports::USUAL.all())?;
    ports::require_free(&[ports::TRUNK])?;
    frontend::ensure_trunk(&path)?;
    step("Compiling the servers", binaries::build)?;
    interrupt::watch()?;
    let mut trunk = step("Building the frontend and serving it", || {
        start_trunk(&path)
    })?;
    // The bff's own pages (errors) mention the files that trunk serves, so it reads trunk's folder.
    let mut system = run::start(ports::TRUNK, frontend::served_dist())?;
    run::welcome(system.settings())?;
    let port = ports::TRUNK;
    writeln!(
        io::stdout(),
        "  Each part in each state: http://localhost:{port}/gallery\n"
    )?;
    run::wait(|| system.ended().or_else(|| trunk.ended()))
}

/// Trunk writes to the terminal: a compiler's errors are what a developer waits for.
fn start_trunk(path: &SearchPath) -> Result<Server> {
    let mut trunk = Server::start("trunk", &mut frontend::serve(path, ports::TRUNK), None)?;
    trunk.wait_until_ready(Readiness {
        port: ports::TRUNK,
        question: Question::Http("/"),
        patience: Duration::from_mins(10), // its first build
    })?;
    Ok(trunk)
}
