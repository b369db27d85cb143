//! `provision-logto`: reads a tenant file and prints a summary. It cannot apply the file to a Logto yet.

#[cfg_attr(not(test), expect(dead_code, reason = "the command `plan` follows"))]
mod desired;
#[expect(dead_code, reason = "the command `plan` follows")]
mod object;
#[expect(dead_code, reason = "the command `plan` follows")]
mod plan;
mod summary;

use clap::Parser;
use connector_aliyun_sms::Config;
use std::{
    error::Error,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use summary::Summary;
use tenant::{Connector, Tenant};

/// Reads a tenant file and prints a summary. Applying it to a Logto is not built yet.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The file: applications, connectors, sign-in experience; `${NAME}` in it is an environment variable
    #[arg(long, value_name = "FILE")]
    tenant: PathBuf,
}

fn main() -> io::Result<ExitCode> {
    let Arguments { tenant } = Arguments::parse();
    match load(&tenant) {
        Ok(tenant) => {
            write!(io::stdout(), "{}", Summary(&tenant))?;
            writeln!(
                io::stdout(),
                "\nThe file is right. Nothing was changed anywhere: applying it to a Logto is not built yet."
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            writeln!(io::stderr(), "error: {}", one_line(&error.to_string()))?;
            Ok(ExitCode::from(2))
        }
    }
}

/// Loads a tenant whose Aliyun connectors can be used.
fn load(path: &Path) -> Result<Tenant, Box<dyn Error>> {
    let tenant = Tenant::load(path)?;
    let ours = |connector: &&Connector| connector.connector_id == tenant::ALIYUN_SMS;
    for connector in tenant.connectors.iter().filter(ours) {
        Config::from_json(connector.config.clone())?;
    }
    Ok(tenant)
}

/// The message of a parser's error, in one line. Its `Display` has several lines with an excerpt.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
