//! A server on a port of its own that a story can stop and start.

use axum::Router;
use std::net::SocketAddr;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// More connections at a time than any story has.
pub(crate) const PLACES: usize = 1_000;

/// A server that can be stopped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
    pub(crate) router: Router,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (address, url) = (listener.local_addr().unwrap(), url(&listener));
        let serving = http_server::serve(PLACES, listener, router.clone(), std::future::pending());
        let task = tokio::spawn(async move {
            tokio::select! {
                () = serving => {}
                _ = stopped => {}
            }
        });
        Self {
            address,
            url,
            router,
            stop: Some(stop),
            task,
        }
    }

    /// The listener is closed when this returns.
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        (&mut self.task).await.unwrap();
    }
}

pub(crate) async fn free_port() -> TcpListener {
    listen(([127, 0, 0, 1], 0).into()).await
}

pub(crate) async fn listen(address: SocketAddr) -> TcpListener {
    TcpListener::bind(address).await.unwrap()
}

pub(crate) fn url(listener: &TcpListener) -> String {
    format!("http://localhost:{}", listener.local_addr().unwrap().port())
}
