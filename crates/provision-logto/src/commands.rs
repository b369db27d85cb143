//! The commands, from settings and file to exit code.

mod apply;
mod doctor;
mod export;
mod plan;
mod test_sms;

use crate::{
    Arguments, Command, desired::desired, management_api::ManagementApi, object::Object,
    settings::Settings,
};
use connector_aliyun_sms::Config;
use std::{
    fmt::Display,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};
use tenant::{Connector, Tenant};
use tokio::runtime::Runtime;

pub(crate) fn run(Arguments { tenant, command }: Arguments) -> anyhow::Result<ExitCode> {
    // The variables of `.env` are also those of the file.
    let variable = ::settings::environment()?;
    if let Command::Check = command {
        load(&tenant)?;
        print(format_args!("{} is right.", tenant.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::read(variable);
    Runtime::new()?.block_on(async {
        match command {
            Command::Check => unreachable!("is done"),
            Command::Plan { json, adopt } => plan::run(&tenant, settings?, json, adopt).await,
            Command::Apply {
                adopt,
                write_env,
                application,
            } => {
                let env = apply::Env::open(write_env.as_deref(), application)?;
                apply::run(&tenant, settings?, adopt, env).await
            }
            Command::Export { write_env } => export::run(settings?, write_env.as_deref()).await,
            Command::TestSms { phone } => test_sms::run(&tenant, settings?, &phone).await,
            Command::Doctor => doctor::run(&tenant, settings).await,
        }
    })
}

/// The objects of a file, and a client of the tenant.
async fn open(path: &Path, settings: Settings) -> anyhow::Result<(Vec<Object>, ManagementApi)> {
    let objects = desired(&load(path)?);
    Ok((objects, ManagementApi::connect(settings).await?))
}

/// Loads a tenant whose Aliyun connectors can be used.
fn load(path: &Path) -> anyhow::Result<Tenant> {
    let tenant = Tenant::load_for_logto(path).map_err(one_line)?;
    let ours = |connector: &&Connector| connector.connector_id == tenant::ALIYUN_SMS;
    for connector in tenant.connectors.iter().filter(ours) {
        Config::from_json(connector.config.clone()).map_err(one_line)?;
    }
    Ok(tenant)
}

/// The message of a parser's error, in one line. Its `Display` has several lines with an excerpt.
fn one_line(error: impl Display) -> anyhow::Error {
    let text = error.to_string();
    let words: Vec<_> = text.split_whitespace().collect();
    anyhow::Error::msg(words.join(" "))
}

/// A line on stdout.
fn print(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
