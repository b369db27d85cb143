//! A Redis that keeps nothing, or everything.

use super::Keeping;
use crate::{
    debian, ports,
    readiness::{Question, Readiness},
    search_path::SearchPath,
    server::Server,
};
use anyhow::{Context as _, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// So many that every test can have one of its own.
const DATABASES: u32 = 65_536;

const PING: Question = Question::Bytes {
    sent: b"PING\r\n",
    answer: b"+PONG",
};

/// A running Redis.
pub struct Redis {
    /// Before the folder: fields are dropped in this order.
    server: Server,
    folder: TempDir,
    program: PathBuf,
    keeping: Keeping,
    port: u16,
}

impl Redis {
    pub(super) fn start(keeping: Keeping) -> Result<Self> {
        let program = debian::ensure("Redis", &["redis-server"], find)?;
        let folder = tempfile::Builder::new().prefix("redis-").tempdir()?;
        let port = ports::free()?;
        let server = start_server(&program, keeping, folder.path(), port)?;
        Ok(Self {
            server,
            folder,
            program,
            keeping,
            port,
        })
    }

    pub(super) fn kill(&mut self) {
        self.server.kill();
    }

    pub(super) fn start_again(&mut self) -> Result<()> {
        self.server = start_server(&self.program, self.keeping, self.folder.path(), self.port)?;
        Ok(())
    }

    pub(super) fn log(&self) -> PathBuf {
        log(self.folder.path())
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

/// Valkey is the Redis of the distributions that left Redis for its licence.
pub(super) fn find() -> Result<PathBuf> {
    let path = SearchPath::of_this_machine();
    let mut names = ["redis-server", "valkey-server"].into_iter();
    names.find_map(|name| path.find(name)).context(
        "the tests of the session stores need Redis: install your system's package of it (Debian: \
         redis-server)",
    )
}

fn log(folder: &Path) -> PathBuf {
    folder.join("redis.log")
}

fn start_server(program: &Path, keeping: Keeping, folder: &Path, port: u16) -> Result<Server> {
    let mut command = command(program, keeping, folder, port);
    let mut server = Server::start("Redis", &mut command, Some(&log(folder)))?;
    server.wait_until_ready(Readiness::of(port, PING))?;
    Ok(server)
}

fn command(program: &Path, keeping: Keeping, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    match keeping {
        Keeping::Nothing => command.args(["--appendonly", "no"]),
        Keeping::Everything => command.args(["--appendonly", "yes", "--appendfsync", "always"]),
    };
    command
        .args(["--save", ""])
        .args(["--databases", &DATABASES.to_string()])
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .arg("--dir")
        .arg(folder);
    command
}
