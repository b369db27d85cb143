//! Running the servers: both listeners, the sweeper, and a stop that lets requests finish.

use crate::{AppState, router};
use std::{future::Future, io, time::Duration};
use tokio::{net::TcpListener, sync::watch};

const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// Requests under way at the stop get so long.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until `stop` is done, then lets requests under way finish.
///
/// # Errors
/// When a listener fails.
pub async fn run(
    app: AppState,
    public: TcpListener,
    admin: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let told = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|&stop| stop).await;
    };
    let public =
        axum::serve(public, router::public(&app)).with_graceful_shutdown(told(stopped.clone()));
    let admin =
        axum::serve(admin, router::admin(&app)).with_graceful_shutdown(told(stopped.clone()));
    let sweeper = tokio::spawn(sweep(app));

    let serving = async { tokio::try_join!(public, admin).map(|_| ()) };
    tokio::pin!(serving);
    let result = tokio::select! {
        result = &mut serving => result,
        () = stop => {
            tracing::info!(event = "stopping");
            stopping.send_replace(true);
            tokio::time::timeout(GRACE, serving).await.unwrap_or(Ok(()))
        }
    };
    sweeper.abort();
    result
}

async fn sweep(app: AppState) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        app.sweep().await;
    }
}
