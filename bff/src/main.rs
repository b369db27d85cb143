//! `bff`: settings → telemetry → state → listeners → serve.

use anyhow::Context as _;
use bff::{AppState, Config, config::env_example, doctor, serve, traces};
use clap::{Parser, Subcommand};
use clock::Clock;
use http_server::Listener;
use std::process::ExitCode;
use telemetry::Telemetry;
use tokio::runtime::Runtime;

/// The backend-for-frontend: phone sign-in with no token in the browser.
///
/// Settings come from the environment and, in development, from `.env`; `.env.example` lists them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check the settings without starting
    Check,
    /// Look whether the store, the provider and these settings fit together, and say how to mend what does not
    Doctor,
    /// Print every setting with its default and meaning, as `.env.example` has them
    EnvExample,
}

/// The exit code for a wrong setting or a taken port.
const WRONG_SETTING: u8 = 2;

fn main() -> ExitCode {
    run(Arguments::parse().command).unwrap_or_else(|error| {
        for line in format!("{error:#}").lines() {
            eprintln!("bff: {line}");
        }
        ExitCode::from(WRONG_SETTING)
    })
}

fn run(command: Option<Command>) -> anyhow::Result<ExitCode> {
    if let Some(Command::EnvExample) = command {
        return Ok(say(&env_example()));
    }
    let config = Config::from_env()?;
    if let Some(Command::Check) = command {
        config.routes()?;
        return Ok(say("The settings are complete."));
    }
    let runtime = Runtime::new()?;
    let ended = runtime.block_on(async {
        match command {
            Some(Command::Doctor) => Ok(examine(config).await),
            _ => Box::pin(start(config)).await,
        }
    });
    // Do not wait for DNS lookups that are still running; their requests are gone.
    runtime.shutdown_background();
    ended
}

async fn start(config: Config) -> anyhow::Result<ExitCode> {
    let telemetry = Telemetry::start(
        &config.log,
        config.traces.as_ref(),
        &config.provider.http,
        &traces::TARGETS,
    )?;
    let (listen, admin_listen) = (config.listen, config.admin_listen);
    let base_url = config.base_url.origin().to_owned();
    let app = AppState::new(config, Clock::system(), http_server::connection_limit()).await?;
    let stop = http_server::stop_signal()?;
    let public = Listener::bind(listen).await;
    let public = public.with_context(|| format!("cannot listen on {listen} (LISTEN)"))?;
    let admin = Listener::bind(admin_listen).await;
    let admin = admin.with_context(|| format!("cannot listen on {admin_listen} (ADMIN_LISTEN)"))?;
    tracing::info!(event = "started", %base_url, %listen, %admin_listen);
    serve::run(app, public, admin, stop).await;
    telemetry.end().await;
    Ok(ExitCode::SUCCESS)
}

/// Prints what the checks found. There is no log: it would say the same in other words.
async fn examine(config: Config) -> ExitCode {
    let report = doctor::run(config, Clock::system()).await;
    say(&report.to_string());
    ExitCode::from(u8::from(!report.is_well()))
}

#[expect(
    clippy::print_stdout,
    reason = "the result of a command goes to standard output"
)]
fn say(text: &str) -> ExitCode {
    println!("{}", text.trim_end());
    ExitCode::SUCCESS
}
