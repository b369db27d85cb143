//! The program: reads its flags and the tenant file, starts the provider, listens, and shuts down gracefully.

mod command_line;

use anyhow::{Context, bail};
use axum::serve::Listener as _;
use clap::Parser;
use clock::Clock;
use command_line::CommandLine;
use embedded_provider::{Config, Database, Provider};
use http_client::HttpConfig;
use http_server::Listener;
use settings::{Setting, WhenUnset};
use std::process::ExitCode;
use telemetry::{LogConfig, Telemetry};
use tenant::Tenant;

/// What the environment decides; everything else is a flag.
const SETTINGS: &[Setting] = &[
    Setting {
        name: "LOG_FORMAT",
        default: WhenUnset::Value("text"),
        meaning: "text or json.",
    },
    Setting {
        name: "RUST_LOG",
        default: WhenUnset::Value("info"),
        meaning: "What is logged: a level for all, and levels for modules.",
    },
];

/// The exit code for a wrong flag, file or setting.
const WRONG_SETTING: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("embedded-provider: {error:#}");
            ExitCode::from(WRONG_SETTING)
        }
    }
}

async fn run(command_line: CommandLine) -> anyhow::Result<()> {
    let log = settings::read(SETTINGS, settings::environment()?, LogConfig::read)?;
    Telemetry::start(&log, None, &HttpConfig::default(), &[])?;
    let listen = command_line.listen;
    if !listen.is_loopback() && !command_line.allow_non_loopback {
        bail!(
            "{listen} is not a loopback address; this provider is for development: add --allow-non-loopback if you mean it"
        );
    }
    let tenant = Tenant::load(&command_line.tenant)
        .with_context(|| format!("the tenant file {}", command_line.tenant.display()))?;
    let listener = Listener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let port = listener.local_addr()?.port();
    let config = Config {
        endpoint: command_line.endpoint(port)?,
        tenant,
        database: Database::File(command_line.data),
        sms_endpoint: command_line.sms_endpoint,
    };
    let provider = Provider::open(config, Clock::system()).await?;
    let stop = http_server::stop_signal()?;
    tracing::warn!("this provider is for development, demos and tests, not for production");
    tracing::info!(issuer = provider.issuer(), %listen, "ready");
    let limit = http_server::connection_limit();
    http_server::serve(limit, listener, provider.router(), stop).await;
    Ok(())
}
