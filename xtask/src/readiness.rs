//! When a server is ready: it answers 200 at some path.

use std::{
    io::{Read as _, Result, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// Where a server answers once it is ready: `GET path` on the loopback interface gives 200.
#[derive(Clone, Copy, Debug)]
pub struct Readiness {
    /// The port.
    pub port: u16,
    /// The path.
    pub path: &'static str,
    /// How long that may take.
    pub patience: Duration,
}

impl Readiness {
    /// Of a server that is built already: half a minute is plenty.
    #[must_use]
    pub fn new(port: u16, path: &'static str) -> Self {
        Self {
            port,
            path,
            patience: Duration::from_secs(30),
        }
    }

    /// Whether the server answers now.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.status_line()
            .is_ok_and(|line| line == *b"HTTP/1.1 200")
    }

    fn status_line(&self) -> Result<[u8; 12]> {
        let Self { port, path, .. } = self;
        let patience = Duration::from_secs(2);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
        let mut connection = TcpStream::connect_timeout(&address, patience)?;
        connection.set_read_timeout(Some(patience))?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes())?;
        let mut line = [0; 12];
        connection.read_exact(&mut line)?;
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::TcpListener, thread};

    #[test]
    fn a_server_is_ready_when_it_answers_200_and_not_before() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let readiness = Readiness::new(listener.local_addr().unwrap().port(), "/healthz");
        let answering = thread::spawn(move || {
            for answer in ["HTTP/1.1 503 Not Yet\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                let length = connection.read(&mut request).unwrap();
                assert!(request[..length].starts_with(b"GET /healthz HTTP/1.1\r\n"));
                connection.write_all(answer.as_bytes()).unwrap();
            }
        });

        assert!(!readiness.is_reached());
        assert!(readiness.is_reached());

        answering.join().unwrap();
        assert!(!readiness.is_reached());
    }
}
