//! Someone on the way who sends every request twice, byte for byte, and hands back the second answer.

use anyhow::Result;
use std::{
    io::{self, BufRead, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

/// Listens until the program ends.
pub(super) struct Replay {
    port: u16,
}

impl Replay {
    pub(super) fn start(to: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // What breaks off is the client's affair: it then has no answer to report.
                relay(client, to).ok();
            }
        });
        Ok(Self { port })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

fn relay(mut client: TcpStream, to: u16) -> io::Result<()> {
    let request = read_message(&mut BufReader::new(client.try_clone()?))?;
    let mut answer = Vec::new();
    for _ in 0..2 {
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, to))?;
        server.write_all(&request)?;
        answer = read_message(&mut BufReader::new(server))?;
    }
    client.write_all(&answer)
}

/// The bytes of a message whose body has an announced length, or none.
fn read_message(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let start = message.len();
        if from.read_until(b'\n', &mut message)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&message[start..]).to_lowercase();
        match line.trim_end().split_once(':') {
            Some(("content-length", value)) => {
                length = value
                    .trim()
                    .parse()
                    .map_err(|_| io::ErrorKind::InvalidData)?;
            }
            Some(("transfer-encoding", _)) => return Err(io::ErrorKind::Unsupported.into()),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    from.take(length).read_to_end(&mut message)?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_byte_for_byte_and_no_further() {
        let sent =
            b"POST /?a=+b HTTP/1.1\r\nX-Acs-Action:  SendSms\r\nContent-LENGTH: 3\r\n\r\na=1GET /";
        let mut from = &sent[..];
        let message = read_message(&mut from).unwrap();
        assert_eq!(message, &sent[..sent.len() - 5]);
        assert_eq!(from, b"GET /");
    }

    #[test]
    fn every_request_arrives_twice_and_the_second_answer_comes_back() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let replay = Replay::start(listener.local_addr().unwrap().port()).unwrap();
        let serving = thread::spawn(move || {
            [b'1', b'2'].map(|name| {
                let (mut connection, _) = listener.accept().unwrap();
                let request = read_message(&mut BufReader::new(connection.try_clone().unwrap()));
                let answer =
                    [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", &[name][..]].concat();
                connection.write_all(&answer).unwrap();
                request.unwrap()
            })
        });
        let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, replay.port())).unwrap();
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        let answer = read_message(&mut BufReader::new(client)).unwrap();
        assert!(answer.ends_with(b"\r\n\r\n2"));
        let [first, second] = serving.join().unwrap();
        assert_eq!(first, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(first, second);
    }
}
