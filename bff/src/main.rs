//! `bff`: settings → state → listeners → serve.

use anyhow::Context;
use bff::{
    AppState, Config,
    config::{LogFormat, env_example},
    doctor, serve,
    telemetry::Traces,
};
use clap::{Parser, Subcommand};
use clock::Clock;
use std::{io::IsTerminal, net::SocketAddr, process::ExitCode};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

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

/// What a wrong setting or a taken port ends with.
const WRONG_SETTING: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Command::EnvExample) = arguments.command {
        say(env_example().trim_end());
        return ExitCode::SUCCESS;
    }
    if let Err(error) = read_env_file() {
        eprintln!("bff: {error:#}");
        return ExitCode::from(WRONG_SETTING);
    }
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(errors) => {
            for error in errors {
                eprintln!("bff: {error}");
            }
            return ExitCode::from(WRONG_SETTING);
        }
    };
    if let Some(Command::Check) = arguments.command {
        say("The settings are complete.");
        return ExitCode::SUCCESS;
    }
    if let Some(Command::Doctor) = arguments.command {
        return examine(config);
    }
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bff: {error:#}");
            ExitCode::from(WRONG_SETTING)
        }
    }
}

/// `.env` of this folder only, not of those above; one that is not there is no fault.
fn read_env_file() -> anyhow::Result<()> {
    match dotenvy::from_path(".env") {
        Err(error) if !error.not_found() => {
            // The library's words would repeat the line, and the line may hold a secret.
            anyhow::bail!(
                ".env cannot be read: each line is NAME=value, and a value with spaces stands in quotes"
            )
        }
        _ => Ok(()),
    }
}

fn run(config: Config) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let ended = runtime.block_on(serve(config));
    // What is asked of the system's resolver by then is nobody's any more, and may take long.
    runtime.shutdown_background();
    ended
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let traces = config.traces.as_ref().map(Traces::start).transpose()?;
    start_log(config.log_format, traces.as_ref());
    let (listen, admin_listen) = (config.listen, config.admin_listen);
    let base_url = config.base_url.origin().to_owned();
    let app = AppState::new(config, Clock::system(), serve::connection_places()).await?;
    let public = bind("LISTEN", listen).await?;
    let admin = bind("ADMIN_LISTEN", admin_listen).await?;
    tracing::info!(event = "started", %base_url, %listen, %admin_listen);
    serve::run(app, public, admin, stop_signal()?).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    Ok(())
}

/// What a check found goes to standard output; the log would say the same in other words.
#[tokio::main]
async fn examine(config: Config) -> ExitCode {
    let report = doctor::run(config, Clock::system()).await;
    say(report.to_string().trim_end());
    if report.is_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn bind(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} ({setting})"))
}

/// Ctrl-C, or the SIGTERM of whoever supervises us.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn start_log(format: LogFormat, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,tower_sessions=error"));
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = match format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    let registry = tracing_subscriber::registry();
    match traces {
        // A filter for each layer costs more than one for all.
        None => registry.with(log).with(filter).init(),
        Some(traces) => {
            let log = log.with_filter(filter);
            registry.with(log).with(traces.layer()).init();
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "what a command was asked for goes to standard output"
)]
fn say(text: &str) {
    println!("{text}");
}
