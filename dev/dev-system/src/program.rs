//! Other programs that run to their end: cargo, trunk, apt-get.

use crate::{
    interrupt, log_file,
    process_group::{LOOK_AGAIN, ProcessGroup},
};
use anyhow::{Context as _, Result, bail};
use std::{
    ffi::OsString,
    io::ErrorKind,
    path::Path,
    process::{Command, ExitStatus},
    thread,
};

/// A cargo command in the workspace.
#[must_use]
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo run` sets these for this program. Build scripts that look at them would run again, and all that is above them.
    let of_this_package = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    });
    for name in of_this_package {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .current_dir(crate::workspace::root());
    command
}

/// Runs a program to its end; its output goes to the terminal.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    require_success(command, status)
}

/// Runs a program that needs servers of ours: when somebody wants this one to end ([`interrupt::watch`]), the program
/// ends first, with everything that it has started. It gets no input.
///
/// # Errors
/// When it cannot be started, or had to end before its time.
pub fn run_beside_servers(command: &mut Command) -> Result<ExitStatus> {
    let mut group = ProcessGroup::spawn(command).map_err(|error| not_started(command, &error))?;
    loop {
        if let Some(status) = group.ended() {
            return Ok(status);
        }
        if interrupt::was_asked() {
            bail!("asked to end before `{}` was done", shown(command));
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// As [`run_beside_servers`]; its output goes to the file `log`.
///
/// # Errors
/// Also when it does not succeed; the text has the last lines that it wrote.
pub fn run_with_log(command: &mut Command, log: &Path) -> Result<()> {
    log_file::write_to(log, command)?;
    let status = run_beside_servers(command)?;
    if !status.success() {
        let last_words = log_file::last_words(Some(log));
        bail!(
            "`{}` did not succeed ({status}){last_words}",
            shown(command)
        );
    }
    Ok(())
}

/// Refuses the end of a program that did not succeed.
///
/// # Errors
/// Names it.
pub fn require_success(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` did not succeed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a program to its end and answers what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started or does not succeed; the text then ends with the last line that it wrote.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.trim().lines().next_back().unwrap_or_default();
        let status = output.status;
        bail!("`{}` did not succeed ({status}): {last}", shown(command));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote what is not UTF-8", shown(command)))
}

/// The program and its arguments; never its environment, which may hold secrets.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words: Vec<OsString> = vec![name.to_owned()];
    words.extend(command.get_args().map(ToOwned::to_owned));
    words.join(" ".as_ref()).to_string_lossy().into_owned()
}

fn not_started(command: &Command, error: &std::io::Error) -> anyhow::Error {
    let name = command.get_program().to_string_lossy().into_owned();
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("`{name}` is not installed, or not on the PATH"),
        _ => anyhow::anyhow!("`{name}` cannot be started: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`no-such-program` is not installed, or not on the PATH"
        );
    }

    #[test]
    fn a_program_that_fails_is_named_with_its_arguments_but_not_its_environment() {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "echo sorry >&2; exit 3"])
            .env("SECRET", "hunter2");
        assert_eq!(
            output(&mut command).unwrap_err().to_string(),
            "`sh -c echo sorry >&2; exit 3` did not succeed (exit status: 3): sorry"
        );
    }

    #[test]
    fn a_program_that_fails_is_named_with_the_end_of_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/provision-logto.log");
        let script = "echo reading; echo error: the port is not open >&2; exit 1";
        let mut command = Command::new("/bin/sh");
        let error = run_with_log(command.args(["-c", script]), &log).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "`sh -c {script}` did not succeed (exit status: 1); the end of {}:\n    reading\n    error: the port is not open",
                log.display()
            )
        );
    }

    #[test]
    fn what_a_program_writes_is_answered() {
        assert_eq!(
            output(Command::new("echo").arg("hello")).unwrap(),
            "hello\n"
        );
    }
}
