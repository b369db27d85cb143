//! Connections over HTTP/1.1: each has a time to say what it wants, a size to say it in, and there are not more than
//! this process can hold.

use super::stalled_writes::StalledWrites;
use axum::{Router, extract::ConnectInfo, serve::Listener};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::ServiceExt;

/// A request's head has to be there within this time; so long may a connection be idle, too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// An answer of which the client takes nothing for so long is given up.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// The head of a request: five pending sign-ins have at most 8 KiB. What is larger is answered 431.
const LARGEST_HEAD: usize = 32 * 1024;
/// More headers are answered 431.
const MOST_HEADERS: usize = 100;

/// Serves so many connections at a time, further ones wait until one ends; until `stopped` is done and the requests under
/// way have their answers.
pub async fn serve(
    places: usize,
    mut listener: TcpListener,
    router: Router,
    stopped: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(places));
    let accept = async {
        while let Ok(place) = places.clone().acquire_owned().await {
            // Faults of accepting are waited out in there.
            let (stream, peer) = Listener::accept(&mut listener).await;
            let router = router.clone();
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                router.clone().oneshot(request)
            });
            let stream = StalledWrites::given_up_after(WRITE_TIMEOUT, stream);
            let connection = http().serve_connection(TokioIo::new(stream), service);
            let connection = connections.watch(connection);
            tokio::spawn(async move {
                // What a connection breaks off with is the client's affair.
                let _ = connection.await;
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = stopped => {}
        () = tick() => {}
    }
    drop(listener);
    connections.shutdown().await;
}

/// Never ends. A runtime that sleeps until its next timer is woken, at the cost of a small request, by every nearer one that
/// is set: the time-outs of requests are all further away than a second.
async fn tick() {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn http() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS);
    builder
}

#[cfg(test)]
mod tests;
