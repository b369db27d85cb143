//! `cargo xtask …`: reads the command line, runs one command, says in one line what went wrong.

use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};
use xtask::commands::{
    bench, check, crash, dev, dist, errors, evidence, fuzz, run, screenshots, test, test_clients,
    with_stores,
};

/// All automation of this workspace.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what has changed and run it: the app on port 3000, its provider on 3001 and 3002, the phone inbox on 3003
    Run,
    /// The same for work on the frontend: reloads by itself, on port 8080
    Dev,
    /// Build the frontend into dist/, with names by content and compressed beside
    Dist,
    /// Formatting, lints, docs, dependencies
    Check,
    /// Everything that must hold: checks, tests, tests in a browser
    Test,
    /// Let the clients of Aliyun SMS on npm and PyPI send to the sandbox
    TestAliyunClients,
    /// Let Logto's SDKs sign in at the embedded provider, and the bff at the engine inside Logto
    TestLogtoSdks,
    /// Run the bff's tests and print what they show: docs/evidence.md
    Evidence,
    /// Print what can go wrong and what to do: docs/errors.md
    Errors,
    /// Take a picture of every page in each language, light and dark, narrow and wide: docs/screenshots/
    Screenshots,
    /// Search for an input that breaks a property of the bff or the SMS connector; needs nightly Rust
    Fuzz {
        /// What is fuzzed
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(fuzz::targets()))]
        target: String,
        /// How long
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Kill a bff or its store under load and look what becomes of the sessions
    #[command(disable_help_flag = true)]
    Crash {
        /// For `load-tests crash`; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Measure the bff on each store beside a plain axum route, and print a table
    #[command(args_conflicts_with_subcommands = true, disable_help_flag = true)]
    Bench {
        #[command(subcommand)]
        other: Option<OtherBench>,
        /// For `load-tests bench`; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run a program beside a Redis and a PostgreSQL of its own: `with-stores cargo test -p bff`
    WithStores {
        /// The program and its arguments: from here on, no word is for `cargo xtask`
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        program: Vec<OsString>,
    },
}

/// What else can be measured.
#[derive(Subcommand)]
enum OtherBench {
    /// Measure the first page in a browser: what is transferred, when it is painted, when it works
    Page {
        /// How often a browser that has nothing in its cache visits
        #[arg(long, default_value_t = 9)]
        rounds: u32,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run => run::run(),
        Command::Dev => dev::run(),
        Command::Dist => dist::run(),
        Command::Check => check::run(),
        Command::Test => test::run(),
        Command::TestAliyunClients => test_clients::run("aliyun-clients"),
        Command::TestLogtoSdks => test_clients::run("logto-sdks"),
        Command::Evidence => evidence::run(),
        Command::Errors => errors::run(),
        Command::Screenshots => screenshots::run(),
        Command::Fuzz { target, seconds } => fuzz::run(&target, seconds),
        Command::Crash { arguments } => crash::run(&arguments),
        Command::Bench {
            other: Some(OtherBench::Page { rounds }),
            ..
        } => bench::page(rounds),
        Command::Bench { arguments, .. } => bench::run(&arguments),
        Command::WithStores { program } => return ended(with_stores::run(&program)),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn ended(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_of_the_stores_unless_it_is_said_to_be_of_the_page() {
        let bench = |words: &str| {
            let words = format!("cargo-xtask bench {words}");
            match Arguments::parse_from(words.split_whitespace()).command {
                Command::Bench {
                    other: Some(OtherBench::Page { rounds }),
                    ..
                } => format!("page {rounds}"),
                Command::Bench { arguments, .. } => format!("stores {arguments:?}"),
                _ => String::new(),
            }
        };
        assert_eq!(bench("--rounds 3"), r#"stores ["--rounds", "3"]"#);
        assert_eq!(bench("--help"), r#"stores ["--help"]"#);
        assert_eq!(bench(""), "stores []");
        assert_eq!(bench("page"), "page 9");
        assert_eq!(bench("page --rounds 2"), "page 2");
    }
}
