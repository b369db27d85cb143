//! Runs the servers: both listeners, the sweeper, and a stop that lets requests finish.

use crate::{AppState, router};
use anyhow::Context;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// Operators' connections at a time: a probe or two.
const ADMIN_LIMIT: usize = 16;
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long a stop waits for requests and tasks under way.
const GRACE: Duration = Duration::from_secs(25);

/// Listens on the address that this setting names.
///
/// # Errors
/// When the address is taken, or not one of this machine.
pub async fn listen(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address} ({setting})"))
}

/// Ends at Ctrl-C or SIGTERM.
///
/// # Errors
/// When the system takes no signal handlers.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Serves until `stop` ends, then lets requests under way finish.
pub async fn run(
    app: AppState,
    public: TcpListener,
    admin: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let stopping = app.stopping.clone();
    let stopped = || stopping.clone().cancelled_owned();
    http_server::log_limited(app.connection_limit);
    let (browsers, operators) = (router::public(&app), router::admin(&app));
    let public = http_server::serve(app.connection_limit, public, browsers, stopped());
    let admin = http_server::serve(ADMIN_LIMIT, admin, operators, stopped());
    let tasks = app.tasks.clone();
    let sweeper = tokio::spawn(sweep(app));

    let serving = async { tokio::join!(public, admin) };
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        () = stop => {
            tracing::info!(event = "stopping");
            stopping.cancel();
            let ending = async { tokio::join!(serving, tasks.end()) };
            let _ = tokio::time::timeout(GRACE, ending).await;
        }
    }
    sweeper.abort();
}

async fn sweep(app: AppState) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        app.sweep().await;
    }
}
