//! The program: reads its flags, its settings and the tenant file, starts the provider, listens, and shuts down
//! gracefully.

mod command_line;

use anyhow::{Context, bail};
use axum::serve::Listener as _;
use clap::Parser;
use clock::Clock;
use command_line::CommandLine;
use embedded_provider::{Config, Database, Management, Provider};
use http_client::HttpConfig;
use http_server::{ListenAddress, Listener};
use secrecy::SecretString;
use settings::{Reader, Refused, Setting, WhenUnset, all, parse};
use std::process::ExitCode;
use telemetry::{LogConfig, Telemetry};
use tenant::Tenant;
use tokio::sync::watch;

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
    Setting {
        name: "LOGTO_MANAGEMENT_APP_ID",
        default: WhenUnset::Value("m-default"),
        meaning: "The client of the Management API.",
    },
    Setting {
        name: "LOGTO_MANAGEMENT_APP_SECRET",
        default: WhenUnset::Absent,
        meaning: "Its secret. Without it, there is no Management API.",
    },
];

struct Settings {
    log: LogConfig,
    management_app_id: String,
    management_app_secret: Option<SecretString>,
}

impl Settings {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        all!(Self {
            log: LogConfig::read(reader),
            management_app_id: reader.required("LOGTO_MANAGEMENT_APP_ID", parse::filled),
            management_app_secret: reader.optional("LOGTO_MANAGEMENT_APP_SECRET", |text| {
                parse::filled(text).map(SecretString::from)
            }),
        })
    }
}

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
    let settings = settings::read(SETTINGS, settings::environment()?, Settings::read)?;
    Telemetry::start(&settings.log, None, &HttpConfig::default(), &[])?;
    let listen = command_line.listen;
    for address in [Some(listen), command_line.admin_listen]
        .into_iter()
        .flatten()
    {
        if !address.is_loopback() && !command_line.allow_non_loopback {
            bail!(
                "{address} is not a loopback address; this provider is for development: add --allow-non-loopback if you mean it"
            );
        }
    }
    let tenant = command_line
        .tenant
        .as_deref()
        .map(|path| {
            Tenant::load(path).with_context(|| format!("the tenant file {}", path.display()))
        })
        .transpose()?;
    let listener = bind(listen).await?;
    let port = listener.local_addr()?.port();
    let administration = administration(&settings, command_line.admin_listen).await?;
    let (admin_listener, management) = administration.unzip();
    let config = Config {
        endpoint: command_line.endpoint(port)?,
        tenant,
        management,
        database: Database::File(command_line.data),
        sms_endpoint: command_line.sms_endpoint,
    };
    let provider = Provider::open(config, Clock::system()).await?;
    let stop = http_server::stop_signal()?;
    tracing::warn!("this provider is for development, demos and tests, not for production");
    tracing::info!(issuer = provider.issuer(), %listen, "ready");
    let (stopping, stopped) = watch::channel(());
    let stopped = || {
        let mut stopped = stopped.clone();
        // An error means that the sender is gone.
        async move { drop(stopped.changed().await) }
    };
    let limit = http_server::connection_limit();
    let administration = async {
        if let (Some(listener), Some(router)) = (admin_listener, provider.admin_router()) {
            http_server::serve(limit, listener, router, stopped()).await;
        }
    };
    let stop = async {
        stop.await;
        drop(stopping);
    };
    tokio::join!(
        http_server::serve(limit, listener, provider.router(), stopped()),
        administration,
        stop,
    );
    Ok(())
}

async fn bind(listen: ListenAddress) -> anyhow::Result<Listener> {
    Listener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))
}

/// The Management API needs a place where its tokens are issued, and a secret for which they are. Without both, there is
/// none, and the log says what is missing.
async fn administration(
    settings: &Settings,
    listen: Option<ListenAddress>,
) -> anyhow::Result<Option<(Listener, Management)>> {
    match (listen, &settings.management_app_secret) {
        (Some(listen), Some(app_secret)) => {
            let listener = bind(listen).await?;
            let management = Management {
                endpoint: command_line::local(listener.local_addr()?.port())?,
                app_id: settings.management_app_id.clone(),
                app_secret: app_secret.clone(),
            };
            tracing::info!(%listen, "the Management API is there");
            Ok(Some((listener, management)))
        }
        (Some(_), None) => {
            tracing::warn!("no Management API: LOGTO_MANAGEMENT_APP_SECRET is not set");
            Ok(None)
        }
        (None, Some(_)) => {
            tracing::warn!("no Management API: it needs --admin-listen");
            Ok(None)
        }
        (None, None) => Ok(None),
    }
}
