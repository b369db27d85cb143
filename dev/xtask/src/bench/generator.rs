//! The load: connections that ask the same again and again, each in a thread that waits for its answer. It must be cheap,
//! for the server has to share the processors with it, and so no answer is parsed but the first.

use crate::http::client::Question;
use anyhow::{Context as _, Result, anyhow, bail};
use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// An answer that takes longer is a fault.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one connection asks.
pub(super) struct Client {
    pub(super) port: u16,
    pub(super) target: &'static str,
    pub(super) cookie: String,
}

/// Lets all ask for so long; answers how long each of their answers took.
///
/// # Errors
/// When an answer is none, is no 200, or is of another length than the first.
pub(super) fn ask_for(duration: Duration, clients: &[Client]) -> Result<Vec<Duration>> {
    let until = Instant::now() + duration;
    let latencies: Vec<Result<Vec<Duration>>> = thread::scope(|scope| {
        let asking: Vec<_> = clients
            .iter()
            .map(|client| scope.spawn(move || client.ask_until(until)))
            .collect();
        let done = asking.into_iter().map(thread::ScopedJoinHandle::join);
        done.map(|one| one.unwrap_or_else(|_| Err(anyhow!("a client panicked"))))
            .collect()
    });
    let latencies: Vec<Vec<Duration>> = latencies.into_iter().collect::<Result<_>>()?;
    Ok(latencies.into_iter().flatten().collect())
}

impl Client {
    fn ask_until(&self, until: Instant) -> Result<Vec<Duration>> {
        let question = Question {
            method: "GET",
            target: self.target,
            headers: &[("Cookie", &self.cookie)],
            body: "",
        }
        .text("keep-alive");
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        connection.set_nodelay(true)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        let mut answer = vec![0; 16 * 1024];
        connection.write_all(question.as_bytes())?;
        // The dates and times in it have as many digits in the next one.
        let length = first_answer(&mut connection, &mut answer)?;

        let mut latencies = Vec::new();
        let mut begin = Instant::now();
        while begin < until {
            connection.write_all(question.as_bytes())?;
            let whole = &mut answer[..length];
            connection.read_exact(whole)?;
            if !whole.starts_with(b"HTTP/1.1 200") || !whole.ends_with(b"}") {
                bail!("`{}` was not answered as before", self.target);
            }
            let end = Instant::now();
            latencies.push(end - begin);
            begin = end;
        }
        Ok(latencies)
    }
}

/// Reads the first answer, and tells how long it is.
fn first_answer(connection: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let mut have = 0;
    loop {
        let more = connection.read(&mut buffer[have..])?;
        have += more;
        let text = String::from_utf8_lossy(&buffer[..have]).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .split_once("content-length: ")
                .and_then(|(_, rest)| rest.lines().next())
                .context("an answer without a length")?;
            if body.len() == length.parse::<usize>()? {
                return Ok(have);
            }
        }
        if more == 0 {
            bail!("the first answer broke off");
        }
    }
}
