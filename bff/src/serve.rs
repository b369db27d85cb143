//! Running the servers: both listeners, the sweeper, and a stop that lets requests finish.

pub mod connections;
mod descriptors;
mod stalled_writes;

pub use descriptors::connection_places;

use crate::{AppState, router};
use std::{future::Future, time::Duration};
use tokio::net::TcpListener;

const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// Requests under way at the stop, and what outlives its request, get so long.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until `stop` is done, then lets requests under way finish.
pub async fn run(
    app: AppState,
    public: TcpListener,
    admin: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let stopping = app.stopping.clone();
    let told = || stopping.clone().cancelled_owned();
    let (places, of_operators) = (app.connection_places, descriptors::ADMIN_PLACES);
    descriptors::log_limited(places);
    let (browsers, operators) = (router::public(&app), router::admin(&app));
    let public = connections::serve(places, public, browsers, told());
    let admin = connections::serve(of_operators, admin, operators, told());
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
