//! Connections over HTTP/1.1, with limits on the time and size of a request's head, on the time that a client may take no bytes,
//! and on their number.

use crate::{Listener, compact::Compact};
use axum::{Router, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// A request's head has to arrive within this time. A connection may be idle for as long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection is closed when its client has taken no byte of a response for this time.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a request's head: five pending sign-ins have at most 8 KiB. A larger head gets a 431.
const LARGEST_HEAD: usize = 32 * 1024;
/// A head with more headers gets a 431.
const MOST_HEADERS: usize = 100;

/// Serves at most `limit` connections at a time; further ones wait until one ends. Returns when `stopped` has ended and the
/// requests under way have their responses. A connection that was upgraded to another protocol is its handler's, and no longer
/// counts.
pub async fn serve(
    limit: usize,
    listener: impl Into<Listener>,
    router: Router,
    stopped: impl Future<Output = ()>,
) {
    let mut listener = listener.into();
    let stopping = CancellationToken::new();
    // The connections close, too, when this future is dropped.
    let _stop_at_drop = stopping.clone().drop_guard();
    let slots = Arc::new(Semaphore::new(limit));
    let accept = async {
        while let Ok(slot) = slots.clone().acquire_owned().await {
            // Waits after an error of the system, such as too many open files.
            let (stream, peer) = axum::serve::Listener::accept(&mut listener).await;
            let router = router.clone();
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                router.clone().oneshot(request.map(Compact))
            });
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(WRITE_TIMEOUT));
            let stream = TokioIo::new(Box::pin(stream));
            let stopping = stopping.clone();
            tokio::spawn(async move {
                let connection = http().serve_connection(stream, service).with_upgrades();
                let mut connection = pin!(connection);
                // An error here is the client's.
                tokio::select! {
                    _ = connection.as_mut() => {}
                    () = stopping.cancelled() => {
                        connection.as_mut().graceful_shutdown();
                        let _ = connection.await;
                    }
                }
                drop(slot);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = stopped => {}
    }
    drop(listener);
    stopping.cancel();
    let all = u32::try_from(limit).unwrap_or(u32::MAX);
    let _ = slots.acquire_many(all).await;
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
