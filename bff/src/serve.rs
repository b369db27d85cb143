//! Runs the servers: both listeners, the sweeper, and a stop that lets requests finish.

use crate::{AppState, router};
use http_server::Listener;
use std::time::Duration;

/// Operators' connections at a time: a probe or two.
const ADMIN_LIMIT: usize = 16;
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long a stop waits for requests and tasks under way.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until `stop` completes. From then on `/readyz` fails, so that a load balancer notices. After
/// `SHUTDOWN_DELAY_SECONDS` the listeners close, and requests under way finish. A second signal ends the wait at once.
pub async fn run(
    app: AppState,
    public: Listener,
    admin: Listener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let (draining, stopping) = (app.draining.clone(), app.stopping.clone());
    let stopped = || stopping.clone().cancelled_owned();
    http_server::log_limited(app.connection_limit);
    let (browsers, operators) = (router::public(&app), router::admin(&app));
    let public = http_server::serve(app.connection_limit, public, browsers, stopped());
    let admin = http_server::serve(ADMIN_LIMIT, admin, operators, stopped());
    let (tasks, delay) = (app.tasks.clone(), app.shutdown_delay);
    let sweeper = tokio::spawn(sweep(app));

    let serving = async { tokio::join!(public, admin) };
    let ending = async {
        stop.await;
        tracing::info!(event = "stopping");
        let signal = http_server::stop_signal();
        draining.cancel();
        let graceful = async {
            tokio::time::sleep(delay).await;
            stopping.cancel();
            tokio::time::sleep(GRACE).await;
        };
        match signal {
            Ok(signal) => tokio::select! {
                () = graceful => {}
                () = signal => tracing::info!(event = "stopping.at_once"),
            },
            Err(_) => graceful.await,
        }
    };
    tokio::select! {
        () = async { serving.await; tasks.end().await } => {}
        () = ending => {}
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
