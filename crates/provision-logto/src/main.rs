//! `provision-logto`: makes a Logto tenant equal to `tenant.toml`, through Logto's Management API.
//!
//! ```text
//! main → commands ─┬→ apply ──→ actual ──→ management_api ──→ Logto
//!                  └→ desired, plan, export (pure)
//! ```

mod actual;
mod application_secret;
mod apply;
mod commands;
mod desired;
mod env_file;
mod export;
mod management_api;
mod object;
mod plan;
mod progress;
mod settings;
#[cfg(test)]
mod snapshot;
mod visible;

use clap::{Parser, Subcommand};
use connector_aliyun_sms::PhoneNumber;
use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

/// Makes a Logto tenant equal to a file, through Logto's Management API.
#[derive(Parser)]
#[command(version, after_help = settings::help())]
pub(crate) struct Arguments {
    /// The file; `${NAME}` in it is an environment variable
    #[arg(
        long,
        value_name = "FILE",
        default_value = "tenant.toml",
        global = true
    )]
    tenant: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the file, without Logto
    Check,
    /// Show what `apply` would change. Exit code 0: nothing, 2: something, 1: it could not be found out
    Plan {
        /// As JSON
        #[arg(long)]
        json: bool,
        /// Take over objects that this program did not create
        #[arg(long)]
        adopt: bool,
    },
    /// Make the tenant as the file says
    Apply {
        /// Take over objects that this program did not create
        #[arg(long)]
        adopt: bool,
        /// Write the application's id and secret into this file, e.g. `.env`, as the bff reads them
        #[arg(long, value_name = "FILE")]
        write_env: Option<PathBuf>,
        /// The name of that application, if it is not the file's first one
        #[arg(long, value_name = "NAME", requires = "write_env")]
        application: Option<String>,
    },
    /// Print the tenant as a file, without its people and secrets
    Export {
        /// Write the secrets that the file refers to into this file, e.g. `.env`
        #[arg(long, value_name = "FILE")]
        write_env: Option<PathBuf>,
    },
    /// Let Logto send a message with the connector of the file
    TestSms {
        /// The number with its country code
        #[arg(long, value_name = "+86…")]
        phone: PhoneNumber,
    },
    /// Look whether people can sign in with this tenant, and say how to mend what keeps them from it
    Doctor,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // clap's own code for a wrong argument is 2, as for a plan with changes.
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    commands::run(arguments).unwrap_or_else(|error| {
        for line in format!("{error:#}").lines() {
            let _ = writeln!(io::stderr(), "error: {line}");
        }
        ExitCode::FAILURE
    })
}
