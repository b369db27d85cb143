//! One server process: started with its log in a file, waited for until it answers, ended by its process group.

use crate::{
    interrupt, log_file,
    process_group::{LOOK_AGAIN, ProcessGroup},
    readiness::Readiness,
};
use anyhow::{Result, bail};
use rustix::process::Signal;
use std::{
    fmt,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    thread,
    time::Instant,
};

/// A running server. It ends when this value is dropped.
///
/// It is in a process group of its own: Ctrl-C in the terminal reaches this program only, which then ends its
/// servers, together with what they started.
pub struct Server {
    name: &'static str,
    group: ProcessGroup,
    log: Option<PathBuf>,
}

impl Server {
    /// Starts a server that writes its output to the file `log`, or to the terminal when there is none.
    ///
    /// # Errors
    /// When the program cannot be started or the log cannot be written.
    pub fn start(name: &'static str, command: &mut Command, log: Option<&Path>) -> Result<Self> {
        if let Some(log) = log {
            log_file::write_to(log, command)?;
        }
        let group = ProcessGroup::spawn(command).map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow::anyhow!(
                "{} is not there: `cargo xtask run` builds it",
                crate::workspace::shown(Path::new(command.get_program()))
            ),
            _ => anyhow::anyhow!("{name} cannot be started: {error}"),
        })?;
        Ok(Self {
            name,
            group,
            log: log.map(Path::to_owned),
        })
    }

    /// The same server, asked to end with this signal instead of TERM.
    #[must_use]
    pub fn ended_with(mut self, signal: Signal) -> Self {
        self.group.end_signal = signal;
        self
    }

    /// Waits until the server answers.
    ///
    /// # Errors
    /// When it ends instead, takes longer than it may, or somebody wants this program to end.
    pub fn wait_until_ready(&mut self, readiness: Readiness) -> Result<()> {
        let begin = Instant::now();
        while !readiness.is_reached() {
            if let Some(end) = self.ended() {
                bail!(end.to_string());
            }
            if interrupt::was_asked() {
                bail!("asked to end before {} was ready", self.name);
            }
            if begin.elapsed() > readiness.patience {
                bail!(
                    "{} does not answer on port {} after {} s{}",
                    self.name,
                    readiness.port,
                    readiness.patience.as_secs(),
                    log_file::last_words(self.log.as_deref())
                );
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// How the server ended, if it has.
    pub fn ended(&mut self) -> Option<End> {
        let status = self.group.ended()?;
        Some(End {
            name: self.name,
            status,
            last_words: log_file::last_words(self.log.as_deref()),
        })
    }

    /// The id of its process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.group.id()
    }

    /// Kills the server without a warning, as a crash would.
    pub fn kill(&mut self) {
        self.group.kill();
    }

    /// Asks the server to end, without waiting.
    pub fn ask_to_end(&mut self) {
        self.group.ask_to_end();
    }
}

/// The end of a server that nobody asked to end.
pub struct End {
    name: &'static str,
    status: ExitStatus,
    last_words: String,
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            status,
            last_words,
        } = self;
        write!(formatter, "{name} ended by itself ({status}){last_words}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_ends_at_once_is_named_with_its_status_and_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/bff.log");
        let mut server = Server::start(
            "bff",
            &mut shell("echo COOKIE_SECRET is missing >&2; exit 2"),
            Some(&log),
        )
        .unwrap();
        let readiness = Readiness::new(crate::ports::free().unwrap(), "/healthz");
        let error = server.wait_until_ready(readiness).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "bff ended by itself (exit status: 2); the end of {}:\n    COOKIE_SECRET is missing",
                log.display()
            )
        );
    }

    #[test]
    fn a_program_that_was_not_built_is_named_with_what_builds_it() {
        let error = Server::start("bff", &mut Command::new("/nowhere/bff"), None)
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "/nowhere/bff is not there: `cargo xtask run` builds it"
        );
    }
}
