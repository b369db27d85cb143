//! A PostgreSQL with one role and one database, both called `bff`.

mod account;
mod installed;

pub(super) use installed::Installed;

use super::Keeping;
use crate::{
    debian, ports,
    process_group::LOOK_AGAIN,
    program,
    readiness::{Question, Readiness},
    server::Server,
};
use account::Account;
use anyhow::{Context as _, Result};
use rustix::process::Signal;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    thread,
};
use tempfile::TempDir;

/// One statement per line: so `postgres --single` reads it. The role is no superuser, for neither is that of a product.
const ROLE_AND_DATABASE: &str = "\
CREATE ROLE bff LOGIN CREATEDB PASSWORD 'bff';
CREATE DATABASE bff OWNER bff;
";

/// Who may connect: this role only. Other people of this machine reach the port too, and a superuser may run programs.
const WHO_MAY_CONNECT: &str = "host all bff 127.0.0.1/32 scram-sha-256\n";

/// Many tests run side by side.
const SETTINGS: [&str; 3] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
];

/// For data that nobody misses after a crash.
const FORGETFUL: [&str; 3] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
];

/// A killed server's own processes notice a moment later, and until they are gone it refuses to start again.
const STARTS: u32 = 100;

/// `StartupMessage`, which a server that is ready answers with an `Authentication…` (its manual, "Message Formats").
/// It answers `SSLRequest` sooner than it takes connections.
const STARTUP: Question = Question::Bytes {
    sent: b"\0\0\0\x1f\0\x03\0\0user\0bff\0database\0bff\0\0",
    answer: b"R",
};

/// A running PostgreSQL.
pub struct Postgres {
    /// Before the folder: fields are dropped in this order.
    server: Server,
    folder: TempDir,
    program: PathBuf,
    account: Account,
    keeping: Keeping,
    port: u16,
}

impl Postgres {
    pub(super) fn start(keeping: Keeping) -> Result<Self> {
        let programs = debian::ensure("PostgreSQL", &["postgresql"], Installed::find)?;
        let account = Account::for_postgres()?;
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir()?;
        account.own(folder.path())?;
        make_cluster(&programs, account, folder.path())
            .context("cannot make a PostgreSQL cluster")?;

        let port = ports::free()?;
        let program = programs.postgres;
        let mut command = command(&program, account, keeping, folder.path(), port);
        let server = start_server(&mut command, folder.path(), port)?;
        Ok(Self {
            server,
            folder,
            program,
            account,
            keeping,
            port,
        })
    }

    pub(super) fn kill(&mut self) {
        self.server.kill();
    }

    pub(super) fn start_again(&mut self) -> Result<()> {
        let folder = self.folder.path();
        let mut command = command(&self.program, self.account, self.keeping, folder, self.port);
        let mut tries = 0;
        self.server = loop {
            tries += 1;
            match start_server(&mut command, folder, self.port) {
                Err(_) if tries < STARTS => thread::sleep(LOOK_AGAIN),
                started => break started?,
            }
        };
        Ok(())
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

fn command(
    program: &Path,
    account: Account,
    keeping: Keeping,
    folder: &Path,
    port: u16,
) -> Command {
    let mut settings = SETTINGS.to_vec();
    if keeping == Keeping::Nothing {
        settings.extend(FORGETFUL);
    }
    let mut command = account.command(program, folder);
    command.args(["-D", "data", "-p", &port.to_string()]);
    command.args(settings.iter().flat_map(|setting| ["-c", setting]));
    command
}

fn start_server(command: &mut Command, folder: &Path, port: u16) -> Result<Server> {
    let server = Server::start("PostgreSQL", command, Some(&log(folder)))?;
    // TERM would wait for clients that are still connected.
    let mut server = server.ended_with(Signal::INT);
    server.wait_until_ready(Readiness::of(port, STARTUP))?;
    Ok(server)
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
