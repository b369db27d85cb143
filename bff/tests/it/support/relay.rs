//! A wire to a server that a story can cut, mend, and make hang.

use super::server::{free_port, listen};
use std::net::SocketAddr;
use tokio::{io::copy_bidirectional, net::TcpStream, sync::watch, task::JoinSet};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Nobody listens, and what was connected is not.
    Cut,
    /// Connections stay, and nothing comes through.
    Hanging,
}

/// Connects whoever comes with the server at an address.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    state: watch::Sender<State>,
}

impl Relay {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = free_port().await;
        let address = listener.local_addr().unwrap();
        drop(listener);
        let (state, seen) = watch::channel(State::Whole);
        let relay = Self { address, state };
        tokio::spawn(relay_all(address, server, seen));
        // The first connection must find somebody.
        while TcpStream::connect(address).await.is_err() {
            tokio::task::yield_now().await;
        }
        relay
    }

    pub(crate) async fn cut(&self) {
        self.state.send_replace(State::Cut);
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn hang(&self) {
        self.state.send_replace(State::Hanging);
    }

    pub(crate) fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

/// Ends when the relay is dropped.
async fn relay_all(address: SocketAddr, server: SocketAddr, mut state: watch::Receiver<State>) {
    loop {
        if state.wait_for(|state| *state != State::Cut).await.is_err() {
            return;
        }
        let listener = listen(address).await;
        let mut connections = JoinSet::new();
        loop {
            let seen = state.clone();
            tokio::select! {
                connection = listener.accept() => {
                    let (client, _) = connection.unwrap();
                    connections.spawn(relay_one(client, server, seen));
                }
                cut = state.wait_for(|state| *state == State::Cut) => match cut {
                    Ok(_) => break,
                    Err(_) => return,
                },
            }
        }
    }
}

/// What was on its way when it began to hang is lost with its connection.
async fn relay_one(mut client: TcpStream, server: SocketAddr, mut state: watch::Receiver<State>) {
    let works = |state: &State| *state != State::Hanging;
    if state.wait_for(works).await.is_err() {
        return;
    }
    let mut server = TcpStream::connect(server).await.unwrap();
    let hangs = state.wait_for(|state| *state == State::Hanging);
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => return,
        _ = hangs => {}
    }
    // The server's side is gone; the client waits, and then finds its connection closed.
    let _ = state.wait_for(works).await;
}
