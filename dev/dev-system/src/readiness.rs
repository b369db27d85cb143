//! When a server is ready: it gives the right answer to some question.

use std::{
    io::{Read as _, Result, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// What a server on the loopback interface answers once it is ready.
#[derive(Clone, Copy, Debug)]
pub struct Readiness {
    /// The port.
    pub port: u16,
    /// What is asked there.
    pub question: Question,
    /// How long that may take.
    pub patience: Duration,
}

/// What a server is asked, and with it how the right answer begins.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// `GET` of this path gives 200.
    Http(&'static str),
    /// In a protocol other than HTTP.
    Bytes {
        /// What is sent.
        sent: &'static [u8],
        /// How the answer begins.
        answer: &'static [u8],
    },
}

impl Readiness {
    /// Of a web server that is built already: half a minute is plenty.
    #[must_use]
    pub fn new(port: u16, path: &'static str) -> Self {
        Self::of(port, Question::Http(path))
    }

    /// The same of any server.
    #[must_use]
    pub fn of(port: u16, question: Question) -> Self {
        Self {
            port,
            question,
            patience: Duration::from_secs(30),
        }
    }

    /// Whether the server answers now.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        let port = self.port;
        match self.question {
            Question::Http(path) => {
                let request = format!(
                    "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
                );
                is_answered(port, request.as_bytes(), b"HTTP/1.1 200")
            }
            Question::Bytes { sent, answer } => is_answered(port, sent, answer),
        }
        .unwrap_or(false)
    }
}

fn is_answered(port: u16, question: &[u8], expected: &[u8]) -> Result<bool> {
    let patience = Duration::from_secs(2);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut connection = TcpStream::connect_timeout(&address, patience)?;
    connection.set_read_timeout(Some(patience))?;
    connection.write_all(question)?;
    let mut answer = vec![0; expected.len()];
    connection.read_exact(&mut answer)?;
    Ok(answer == expected)
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

    #[test]
    fn a_server_of_another_protocol_is_ready_when_its_answer_begins_as_it_should() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let question = Question::Bytes {
            sent: b"PING\r\n",
            answer: b"+PONG",
        };
        let readiness = Readiness::of(listener.local_addr().unwrap().port(), question);
        let answering = thread::spawn(move || {
            for answer in ["-LOADING its data", "+PO", "+PONG\r\n"] {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = [0; 6];
                connection.read_exact(&mut request).unwrap();
                assert_eq!(request, *b"PING\r\n");
                connection.write_all(answer.as_bytes()).unwrap();
            }
        });

        let answers = [(); 3].map(|()| readiness.is_reached());

        assert_eq!(answers, [false, false, true]);
        answering.join().unwrap();
    }
}
