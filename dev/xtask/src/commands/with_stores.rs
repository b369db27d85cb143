//! `cargo xtask with-stores`: runs a program, such as one crate's tests, beside a Redis and a PostgreSQL of its own.

use crate::{interrupt, program, step::step, stores::Stores};
use anyhow::{Context as _, Result};
use std::{
    ffi::OsString,
    os::unix::process::ExitStatusExt as _,
    process::{Command, ExitCode, ExitStatus},
};

/// Starts the stores, runs the program with their addresses in its environment, and ends as it does.
///
/// # Errors
/// When a store or the program cannot be started, or when Ctrl-C ends all of them.
pub fn run(program: &[OsString]) -> Result<ExitCode> {
    let (program, arguments) = program.split_first().context("which program?")?;
    interrupt::watch()?;
    let stores = step("Starting Redis and PostgreSQL", Stores::start)?;
    for (variable, url) in stores.variables() {
        eprintln!("  {variable}={url}");
    }
    for log in stores.logs() {
        eprintln!("  {}", log.display());
    }
    let mut command = Command::new(program);
    command.args(arguments).envs(stores.variables());
    program::run_beside_servers(&mut command).map(code)
}

/// A program that a signal ended has no code; shells then say 128 and the signal.
fn code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_programs_own_or_what_a_shell_says_of_a_signal() {
        let ended = |script| {
            let mut shell = Command::new("/bin/sh");
            code(shell.args(["-c", script]).status().unwrap())
        };
        assert_eq!(ended("exit 0"), ExitCode::SUCCESS);
        assert_eq!(ended("exit 101"), ExitCode::from(101));
        assert_eq!(ended("kill -TERM $$"), ExitCode::from(143));
    }
}
