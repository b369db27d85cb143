//! Listening on an address, or on both addresses of `localhost`.

use axum::serve;
use std::{
    fmt, io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};
use tokio::net::{TcpListener, TcpStream};

/// Where a server listens: `127.0.0.1:3000`, `[::]:3000`, or `localhost:3000` for both `127.0.0.1` and `[::1]`. Clients
/// reach `localhost` at either, in an order of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// One address.
    Ip(SocketAddr),
    /// Both loopback addresses, with this port.
    Localhost(u16),
}

impl ListenAddress {
    /// Whether only this machine reaches it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Ip(address) => address.ip().is_loopback(),
            Self::Localhost(_) => true,
        }
    }
}

impl FromStr for ListenAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let port = text.strip_prefix("localhost:").map(str::parse);
        let address = match port {
            Some(port) => port.map(Self::Localhost).ok(),
            None => text.parse().map(Self::Ip).ok(),
        };
        address.ok_or("is not an address with a port such as 127.0.0.1:3000")
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(formatter),
            Self::Localhost(port) => write!(formatter, "localhost:{port}"),
        }
    }
}

/// Accepts the connections to an [`ListenAddress`].
pub struct Listener {
    listener: TcpListener,
    /// That on `[::1]` beside the one on `127.0.0.1`.
    other: Option<TcpListener>,
}

impl Listener {
    /// Listens on an address. On a machine without IPv6, `localhost` is `127.0.0.1` only.
    ///
    /// # Errors
    /// When the address is taken, or not one of this machine.
    pub async fn bind(address: ListenAddress) -> io::Result<Self> {
        let (address, is_localhost) = match address {
            ListenAddress::Ip(address) => (address, false),
            ListenAddress::Localhost(port) => ((Ipv4Addr::LOCALHOST, port).into(), true),
        };
        let listener = TcpListener::bind(address).await?;
        let other = if is_localhost {
            bind_ipv6(listener.local_addr()?.port()).await?
        } else {
            None
        };
        Ok(Self { listener, other })
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self {
            listener,
            other: None,
        }
    }
}

/// `None` on a machine that has no such address.
async fn bind_ipv6(port: u16) -> io::Result<Option<TcpListener>> {
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(None),
    }
}

impl serve::Listener for Listener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let Some(other) = &mut self.other else {
            return serve::Listener::accept(&mut self.listener).await;
        };
        tokio::select! {
            accepted = serve::Listener::accept(&mut self.listener) => accepted,
            accepted = serve::Listener::accept(other) => accepted,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, routing::get};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn an_address_is_an_ip_address_or_localhost_with_a_port() {
        for (text, is_loopback) in [
            ("127.0.0.1:3000", true),
            ("[::1]:3000", true),
            ("localhost:3000", true),
            ("0.0.0.0:80", false),
            ("[::]:80", false),
        ] {
            let address: ListenAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
            assert_eq!(address.is_loopback(), is_loopback, "{text}");
        }
        for text in [
            "localhost",
            "localhost:",
            "localhost:70000",
            "example.com:80",
            "::1:3000",
            "",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn q47_localhost_is_answered_at_both_of_its_addresses() {
        let listener = Listener::bind(ListenAddress::Localhost(0)).await.unwrap();
        let port = serve::Listener::local_addr(&listener).unwrap().port();
        let has_ipv6 = TcpListener::bind("[::1]:0").await.is_ok();
        let router = Router::new().route("/", get(|| async { "hello" }));
        tokio::spawn(crate::serve(8, listener, router, std::future::pending()));
        for (host, is_there) in [("127.0.0.1", true), ("[::1]", has_ipv6)] {
            let stream = TcpStream::connect(format!("{host}:{port}")).await;
            assert_eq!(stream.is_ok(), is_there, "{host}");
            let Ok(mut stream) = stream else { continue };
            let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.ends_with("hello"), "{host}: {answer}");
        }
    }

    #[tokio::test]
    async fn q47_a_port_that_another_program_has_on_either_address_is_taken() {
        for taken in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(taken) = TcpListener::bind(taken).await else {
                continue; // this machine has no IPv6
            };
            let port = taken.local_addr().unwrap().port();
            let error = Listener::bind(ListenAddress::Localhost(port))
                .await
                .err()
                .unwrap();
            assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        }
    }
}
