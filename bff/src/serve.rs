//! Running the servers: both listeners, the sweeper, and a stop that lets requests finish.

pub mod connections;
mod descriptors;
mod stalled_writes;

use crate::{AppState, router};
use std::{future::Future, time::Duration};
use tokio::{net::TcpListener, sync::watch};

const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// Requests under way at the stop get so long.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until `stop` is done, then lets requests under way finish.
pub async fn run(
    app: AppState,
    public: TcpListener,
    admin: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let (stopping, stopped) = watch::channel(false);
    let told = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|&stop| stop).await;
    };
    let (places, of_operators) = (descriptors::places(), descriptors::ADMIN_PLACES);
    let (browsers, operators) = (router::public(&app), router::admin(&app));
    let public = connections::serve(places, public, browsers, told(stopped.clone()));
    let admin = connections::serve(of_operators, admin, operators, told(stopped));
    let sweeper = tokio::spawn(sweep(app));

    let serving = async { tokio::join!(public, admin) };
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        () = stop => {
            tracing::info!(event = "stopping");
            stopping.send_replace(true);
            let _ = tokio::time::timeout(GRACE, serving).await;
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
