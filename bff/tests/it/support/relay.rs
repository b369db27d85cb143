//! A wire to a server that a story can cut, mend, make hang, and lead to another server.

use super::{
    Kind,
    server::{free_port, listen},
};
use std::net::{SocketAddr, ToSocketAddrs as _};
use tokio::{
    io::{copy, copy_bidirectional, sink},
    net::TcpStream,
    sync::watch,
    task::JoinSet,
};
use url::Url;

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
    /// Where new connections lead.
    server: watch::Sender<SocketAddr>,
    /// Changes when the connections that are there are lost.
    losses: watch::Sender<()>,
}

/// A store of this engine behind a wire.
pub(crate) async fn behind_a_wire(kind: Kind) -> (Relay, String) {
    let mut store: Url = kind.fresh("".as_ref()).await.parse().unwrap();
    let server = (store.host_str().unwrap(), store.port().unwrap());
    let relay = Relay::to(server.to_socket_addrs().unwrap().next().unwrap()).await;
    store.set_host(Some("127.0.0.1")).unwrap();
    store.set_port(Some(relay.address.port())).unwrap();
    (relay, store.into())
}

/// What a connection looks at.
#[derive(Clone)]
struct Seen {
    state: watch::Receiver<State>,
    server: watch::Receiver<SocketAddr>,
    losses: watch::Receiver<()>,
}

impl Relay {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = free_port().await;
        let address = listener.local_addr().unwrap();
        drop(listener);
        let relay = Self {
            address,
            state: watch::Sender::new(State::Whole),
            server: watch::Sender::new(server),
            losses: watch::Sender::new(()),
        };
        let seen = Seen {
            state: relay.state.subscribe(),
            server: relay.server.subscribe(),
            losses: relay.losses.subscribe(),
        };
        tokio::spawn(relay_all(address, seen));
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

    /// As when the other machine is gone without a word: what was connected takes everything and says nothing, for ever.
    /// New connections work.
    pub(crate) fn lose_connections(&self) {
        self.losses.send_replace(());
    }

    /// New connections lead elsewhere; the others stay.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }

    pub(crate) fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

/// Ends when the relay is dropped.
async fn relay_all(address: SocketAddr, mut seen: Seen) {
    loop {
        let listens = |state: &State| *state != State::Cut;
        if seen.state.wait_for(listens).await.is_err() {
            return;
        }
        let listener = listen(address).await;
        let mut connections = JoinSet::new();
        loop {
            let client = tokio::select! {
                connection = listener.accept() => connection.unwrap().0,
                cut = seen.state.wait_for(|state| *state == State::Cut) => match cut {
                    Ok(_) => break,
                    Err(_) => return,
                },
            };
            seen.losses.mark_unchanged();
            connections.spawn(relay_one(client, seen.clone()));
        }
    }
}

/// What was on its way when it began to hang is lost with its connection.
async fn relay_one(mut client: TcpStream, mut seen: Seen) {
    let works = |state: &State| *state != State::Hanging;
    if seen.state.wait_for(works).await.is_err() {
        return;
    }
    let address = *seen.server.borrow();
    let mut server = TcpStream::connect(address).await.unwrap();
    let lost = tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => return,
        _ = seen.state.wait_for(|state| *state == State::Hanging) => false,
        lost = seen.losses.changed() => lost.is_ok(),
    };
    drop(server);
    if lost {
        let _ = copy(&mut client, &mut sink()).await;
        return;
    }
    // The server's side is gone; the client waits, and then finds its connection closed.
    let _ = seen.state.wait_for(works).await;
}
