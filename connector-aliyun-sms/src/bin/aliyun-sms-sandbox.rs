//! `aliyun-sms-sandbox`: Aliyun SMS on this machine. Arguments and environment → account → listener → serve.

use clap::Parser;
use connector_aliyun_sms::sandbox::{self, Account, AccountError, Sandbox};
use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};
use tokio::net::TcpListener;

const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";

/// Answers as Aliyun SMS does and shows the messages at /inbox. No message leaves this machine.
#[derive(Parser)]
#[command(
    version,
    after_help = "Environment (required):\n  \
        ALIBABA_CLOUD_ACCESS_KEY_ID      the access key that requests are signed with\n  \
        ALIBABA_CLOUD_ACCESS_KEY_SECRET  its secret"
)]
struct Arguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3003")]
    listen: SocketAddr,
    /// The account's sign names and templates, a TOML file [default: those of the example tenant]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Listen beyond this machine: everybody who reaches the address can read the messages
    #[arg(long)]
    allow_non_loopback: bool,
}

/// Why the sandbox does not run, in one line.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("the environment variable {0} is not set")]
    MissingVariable(&'static str),
    #[error("cannot read {path}: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    WrongConfig { path: PathBuf, source: AccountError },
    #[error(
        "{0} is not an address of this machine only; --allow-non-loopback lets everybody who reaches it read the messages"
    )]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
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
    let account = account(arguments)?;
    let listener = listen(arguments).await?;
    let ended = ended().map_err(StartError::Signals)?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!("the inbox is at http://{address}/inbox");
    }
    sandbox::serve(Sandbox::new(account), listener, ended)
        .await
        .map_err(StartError::Serve)
}

fn account(arguments: &Arguments) -> Result<Account, StartError> {
    let id = variable(ACCESS_KEY_ID)?;
    let secret = variable(ACCESS_KEY_SECRET)?;
    let Some(path) = arguments.config.clone() else {
        return Ok(Account::bundled(id, secret));
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Account::from_toml(&text, id, secret)
            .map_err(|source| StartError::WrongConfig { path, source }),
        Err(source) => Err(StartError::Unreadable { path, source }),
    }
}

fn variable(name: &'static str) -> Result<String, StartError> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or(StartError::MissingVariable(name))
}

async fn listen(arguments: &Arguments) -> Result<TcpListener, StartError> {
    let address = arguments.listen;
    if !address.ip().is_loopback() && !arguments.allow_non_loopback {
        return Err(StartError::NotLoopback(address));
    }
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}

/// Done at SIGINT (Ctrl-C) or SIGTERM.
fn ended() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
