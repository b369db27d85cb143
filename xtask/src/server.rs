//! One server process: started with its log in a file, waited for until it answers, ended by its process group.

use crate::{interrupt, readiness::Readiness};
use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    fmt, fs,
    io::ErrorKind,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a server may take to end when asked, before it is killed.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);
/// How often a state that cannot be waited for is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running server. It ends when this value is dropped.
///
/// It is in a process group of its own: Ctrl-C in the terminal reaches this program only, which then ends its
/// servers, together with what they started.
pub struct Server {
    name: &'static str,
    child: Child,
    log: Option<PathBuf>,
}

impl Server {
    /// Starts a server that writes its output to the file `log`, or to the terminal when there is none.
    ///
    /// # Errors
    /// When the program cannot be started or the log cannot be written.
    pub fn start(name: &'static str, command: &mut Command, log: Option<&Path>) -> Result<Self> {
        if let Some(log) = log {
            let (output, errors) = open(log)
                .with_context(|| format!("cannot write {}", crate::workspace::shown(log)))?;
            command.stdout(output).stderr(errors).env("NO_COLOR", "1");
        }
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => anyhow::anyhow!(
                    "{} is not there: `cargo xtask run` builds it",
                    crate::workspace::shown(Path::new(command.get_program()))
                ),
                _ => anyhow::anyhow!("{name} cannot be started: {error}"),
            })?;
        Ok(Self {
            name,
            child,
            log: log.map(Path::to_owned),
        })
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
                    last_words(self.log.as_deref())
                );
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// How the server ended, if it has.
    pub fn ended(&mut self) -> Option<End> {
        let status = self.child.try_wait().ok().flatten()?;
        Some(End {
            name: self.name,
            status,
            last_words: last_words(self.log.as_deref()),
        })
    }

    /// Asks the server to end, without waiting.
    pub fn ask_to_end(&mut self) {
        self.signal(Signal::TERM);
    }

    /// Signals the process group, unless the server has ended already and its id may be another's.
    fn signal(&mut self, signal: Signal) {
        if let Ok(None) = self.child.try_wait()
            && let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
        {
            // An error means that the group is gone: what was wanted.
            kill_process_group(group, signal).ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ask_to_end();
        let begin = Instant::now();
        while let Ok(None) = self.child.try_wait() {
            if begin.elapsed() > PATIENCE_AT_THE_END {
                self.signal(Signal::KILL);
                self.child.wait().ok();
                return;
            }
            thread::sleep(LOOK_AGAIN);
        }
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

fn open(log: &Path) -> std::io::Result<(fs::File, fs::File)> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let output = fs::File::create(log)?;
    let errors = output.try_clone()?;
    Ok((output, errors))
}

/// The last lines of a log and where the rest is, to stand behind a sentence.
fn last_words(log: Option<&Path>) -> String {
    const LINES: usize = 10;
    let Some(log) = log else {
        return String::new();
    };
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.trim_end().lines().collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    let mut words = format!("; the end of {}:", crate::workspace::shown(log));
    for line in last {
        words.push_str("\n    ");
        words.push_str(line);
    }
    words
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

    #[test]
    fn dropping_a_server_ends_it_and_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let grandchild = folder.path().join("grandchild");
        let script = format!(
            "sleep 1000 & echo $! > {}.new; mv {0}.new {0}; wait",
            grandchild.display()
        );
        let server = Server::start("trunk", &mut shell(&script), None).unwrap();
        while !grandchild.exists() {
            thread::yield_now();
        }
        let pid: i32 = fs::read_to_string(&grandchild)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let pid = Pid::from_raw(pid).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_ok());

        drop(server);

        // The group was signalled; whoever inherits the grandchild reaps it any moment.
        while is_running(pid) {
            thread::yield_now();
        }
    }

    /// Whether the process exists and is more than an entry that waits to be reaped.
    fn is_running(pid: Pid) -> bool {
        fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }
}
