//! A Redis that keeps nothing.

use crate::{
    debian, ports,
    readiness::{Question, Readiness},
    server::Server,
    tools::SearchPath,
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
pub(super) struct Redis {
    /// Before the folder: fields are dropped in this order.
    _server: Server,
    folder: TempDir,
    port: u16,
}

impl Redis {
    pub(super) fn start() -> Result<Self> {
        let program = debian::ensure("Redis", &["redis-server"], find)?;
        let folder = tempfile::Builder::new().prefix("redis-").tempdir()?;
        let port = ports::free()?;
        let log = log(folder.path());
        let mut command = command(&program, folder.path(), port);
        let mut server = Server::start("Redis", &mut command, Some(&log))?;
        server.wait_until_ready(Readiness::of(port, PING))?;
        Ok(Self {
            _server: server,
            folder,
            port,
        })
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

fn command(program: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--save", "", "--appendonly", "no"])
        .args(["--databases", &DATABASES.to_string()])
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .arg("--dir")
        .arg(folder);
    command
}
