//! Asking a server of ours, once per connection.

use super::message::Message;
use std::{
    fmt::Write as _,
    io::{BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than the bff takes for any answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked.
pub(crate) struct Question<'a> {
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) target: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Nobody listens: nothing was done.
    NotReached,
    /// The connection ended before the whole answer was here: what was done is not known.
    BrokenOff,
}

impl Question<'_> {
    /// Asks whoever listens at this port.
    pub(crate) fn ask(&self, port: u16) -> Result<Message, NoAnswer> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let connection =
            TcpStream::connect_timeout(&address, PATIENCE).map_err(|_| NoAnswer::NotReached)?;
        self.ask_on(connection).ok_or(NoAnswer::BrokenOff)
    }

    fn ask_on(&self, mut connection: TcpStream) -> Option<Message> {
        connection.set_read_timeout(Some(PATIENCE)).ok()?;
        connection.write_all(self.text("close").as_bytes()).ok()?;
        let answer = Message::read(&mut BufReader::new(connection)).ok()??;
        answer.status().is_some().then_some(answer)
    }

    /// The request as it is sent. No server here minds under which name it is reached.
    pub(crate) fn text(&self, connection: &str) -> String {
        let Self {
            method,
            target,
            headers,
            body,
        } = self;
        let length = body.len();
        let mut text = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\
             Content-Length: {length}\r\n"
        );
        for (name, value) in *headers {
            // Writing into a `String` does not fail.
            let _ = write!(text, "{name}: {value}\r\n");
        }
        text + "\r\n" + body
    }
}
