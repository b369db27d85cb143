//! A PostgreSQL with one role and one database, both called `bff`.

mod account;
mod installed;

pub(super) use installed::Installed;

use crate::{
    debian, ports, program,
    readiness::{Question, Readiness},
    server::Server,
};
use account::Account;
use anyhow::{Context as _, Result};
use rustix::process::Signal;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// One statement per line: so `postgres --single` reads it. The role is no superuser, for neither is that of a product.
const ROLE_AND_DATABASE: &str = "\
CREATE ROLE bff LOGIN CREATEDB PASSWORD 'bff';
CREATE DATABASE bff OWNER bff;
";

/// Who may connect: this role only. Other people of this machine reach the port too, and a superuser may run programs.
const WHO_MAY_CONNECT: &str = "host all bff 127.0.0.1/32 scram-sha-256\n";

/// Nobody misses this data after a crash, and many tests run side by side.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
];

/// `StartupMessage`, which a server that is ready answers with an `Authentication…` (its manual, "Message Formats").
/// It answers `SSLRequest` sooner than it takes connections.
const STARTUP: Question = Question::Bytes {
    sent: b"\0\0\0\x1f\0\x03\0\0user\0bff\0database\0bff\0\0",
    answer: b"R",
};

/// A running PostgreSQL.
pub(super) struct Postgres {
    /// Before the folder: fields are dropped in this order.
    _server: Server,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    pub(super) fn start() -> Result<Self> {
        let programs = debian::ensure("PostgreSQL", &["postgresql"], Installed::find)?;
        let account = Account::for_postgres()?;
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir()?;
        account.own(folder.path())?;
        make_cluster(&programs, account, folder.path())
            .context("cannot make a PostgreSQL cluster")?;

        let port = ports::free()?;
        let log = log(folder.path());
        let mut command = account.command(&programs.postgres, folder.path());
        command.args(["-D", "data", "-p", &port.to_string()]);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        // TERM would wait for clients that are still connected.
        let mut server =
            Server::start("PostgreSQL", &mut command, Some(&log))?.ended_with(Signal::INT);
        server.wait_until_ready(Readiness::of(port, STARTUP))?;
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
        format!("postgres://bff:bff@127.0.0.1:{}/bff", self.port)
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("postgres.log")
}

/// Makes `data` in this folder.
fn make_cluster(programs: &Installed, account: Account, folder: &Path) -> Result<()> {
    let mut initdb = account.command(&programs.initdb, folder);
    program::output(
        initdb
            .args(["--pgdata=data", "--username=postgres", "--auth=reject"])
            .args(["--locale=C", "--encoding=UTF8", "--no-sync"]),
    )?;
    fs::write(folder.join("data/pg_hba.conf"), WHO_MAY_CONNECT)?;

    let statements = folder.join("role.sql");
    fs::write(&statements, ROLE_AND_DATABASE)?;
    let mut single = account.command(&programs.postgres, folder);
    program::output(
        single
            .args(["--single", "-D", "data", "-c", "exit_on_error=on"])
            .args(["-c", "password_encryption=scram-sha-256"])
            .args(["-c", "fsync=off", "postgres"])
            .stdin(File::open(statements)?),
    )?;
    Ok(())
}
