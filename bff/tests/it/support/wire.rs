//! Bytes on a connection, for stories about clients that speak HTTP in their own way.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection.
pub(crate) struct Wire(TcpStream);

impl Wire {
    pub(crate) async fn connect(server: SocketAddr) -> Self {
        Self(TcpStream::connect(server).await.unwrap())
    }

    /// Writes; a server that has closed the connection meanwhile does not mind.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Says no more, and waits until the server has noticed; answers what it said until then.
    pub(crate) async fn hang_up(mut self) -> String {
        let _ = self.0.shutdown().await;
        self.read_to_end().await
    }

    /// Everything until the server closes the connection.
    pub(crate) async fn read_to_end(mut self) -> String {
        let mut answer = Vec::new();
        // A reset after the answer is an end, too.
        let _ = self.0.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The answer to one request on a connection of its own.
pub(crate) async fn ask(server: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut wire = Wire::connect(server).await;
    wire.write(request).await;
    wire.read_to_end().await
}

/// The status of an answer; none when there is no answer.
pub(crate) fn status_of(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}
