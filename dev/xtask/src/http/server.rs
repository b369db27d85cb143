//! Answering on a port of the loopback interface, one thread per connection.

use super::message::Message;
use anyhow::Result;
use serde_json::Value;
use std::{
    io::{self, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// So long a connection may be idle; `reqwest` opens another one then.
const IDLE: Duration = Duration::from_mins(2);

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            location: None,
            body,
        }
    }

    pub(crate) fn see_other(location: String) -> Self {
        Self {
            status: 303,
            location: Some(location),
            body: Value::Null,
        }
    }

    fn text(&self) -> String {
        let body = self.body.to_string();
        let location = self.location.as_ref();
        let location = location.map_or_else(String::new, |url| format!("Location: {url}\r\n"));
        format!(
            "HTTP/1.1 {} \r\nContent-Type: application/json\r\nContent-Length: {}\r\n{location}\r\n{body}",
            self.status,
            body.len()
        )
    }
}

/// A server that listens until this value is dropped.
pub(crate) struct LocalServer {
    port: u16,
    stopping: Arc<AtomicBool>,
}

impl LocalServer {
    pub(crate) fn start(
        port: u16,
        answer: impl Fn(&Message) -> Reply + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let stopping = Arc::new(AtomicBool::new(false));
        let (is_stopping, answer) = (stopping.clone(), Arc::new(answer));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if is_stopping.load(Ordering::Relaxed) {
                    return;
                }
                let answer = answer.clone();
                // What a connection breaks off with is the client's affair.
                thread::spawn(move || serve(connection, &*answer).ok());
            }
        });
        Ok(Self { port, stopping })
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes whoever accepts.
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok();
    }
}

fn serve(mut connection: TcpStream, answer: &dyn Fn(&Message) -> Reply) -> io::Result<()> {
    connection.set_nodelay(true)?;
    connection.set_read_timeout(Some(IDLE))?;
    let mut requests = BufReader::new(connection.try_clone()?);
    while let Some(request) = Message::read(&mut requests)? {
        connection.write_all(answer(&request).text().as_bytes())?;
    }
    Ok(())
}
