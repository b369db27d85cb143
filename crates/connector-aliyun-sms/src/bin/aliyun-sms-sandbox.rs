//! `aliyun-sms-sandbox`: Aliyun SMS on this machine. Reads arguments and environment, then the account, then serves.

use axum::serve::Listener as _;
use clap::Parser;
use connector_aliyun_sms::{
    Clock,
    sandbox::{self, Account, AccountError, Options, Sandbox},
};
use http_server::{ListenAddress, Listener};
use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
};

/// Simulates Aliyun SMS and shows the messages at /inbox. No message leaves this machine.
#[derive(Parser)]
#[command(
    version,
    after_help = "Environment:\n  \
        ALIBABA_CLOUD_ACCESS_KEY_ID      the access key that requests are signed with\n  \
        ALIBABA_CLOUD_ACCESS_KEY_SECRET  its secret\n  \
        ALIBABA_CLOUD_SECURITY_TOKEN     the token of a temporary key (optional)"
)]
struct Arguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "localhost:3003")]
    listen: ListenAddress,
    /// Sign names, templates and further accounts, a TOML file, or a tenant.toml [default: the example tenant's]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Enforce Aliyun's limits on codes to one number of mainland China: 1 a minute, 5 an hour, 10 a day, 40 from all
    /// senders
    #[arg(long)]
    flow_limits: bool,
    /// Shift the sandbox's clock by this many seconds, to see what a client with a wrong clock gets
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(i64).range(-86_400..=86_400))]
    clock_offset: i64,
    /// Listen beyond this machine. Everybody who can reach the address can read and delete the messages and request
    /// faults
    #[arg(long)]
    allow_non_loopback: bool,
}

/// Why the sandbox cannot run. Each message is one line.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("cannot read {path}: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    WrongConfig { path: PathBuf, source: AccountError },
    #[error(transparent)]
    WrongEnvironment(AccountError),
    #[error(
        "{0} is not an address of this machine only; --allow-non-loopback lets everybody who reaches it read and delete the messages, and ask for faults"
    )]
    NotLoopback(ListenAddress),
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: ListenAddress,
        source: io::Error,
    },
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
    #[error("the listener failed: {0}")]
    Serve(io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aliyun-sms-sandbox: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), StartError> {
    let sandbox = Sandbox::with_options(Options {
        accounts: accounts(arguments)?,
        clock: clock(arguments.clock_offset),
        flow_limits: arguments.flow_limits,
    });
    let listener = listen(arguments).await?;
    let ended = http_server::stop_signal().map_err(StartError::Signals)?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!("the inbox is at http://{address}/inbox");
    }
    sandbox::serve(sandbox, listener, ended)
        .await
        .map_err(StartError::Serve)
}

fn accounts(arguments: &Arguments) -> Result<Vec<Account>, StartError> {
    let variable = |name: &str| std::env::var(name).ok();
    let Some(path) = arguments.config.clone() else {
        return Account::bundled_from(variable).map_err(StartError::WrongEnvironment);
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Account::all_from_toml(&text, variable).map_err(|error| match error {
            AccountError::MissingVariable(_) => StartError::WrongEnvironment(error),
            source => StartError::WrongConfig { path, source },
        }),
        Err(source) => Err(StartError::Unreadable { path, source }),
    }
}

fn clock(offset: i64) -> Clock {
    let system = Clock::system();
    Clock::new(move || system.now() + time::Duration::seconds(offset))
}

async fn listen(arguments: &Arguments) -> Result<Listener, StartError> {
    let address = arguments.listen;
    if !address.is_loopback() && !arguments.allow_non_loopback {
        return Err(StartError::NotLoopback(address));
    }
    Listener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}
