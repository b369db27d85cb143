//! A message: its first line, headers and body, as they come over a connection (RFC 9112).

use std::io::{self, BufRead, Read as _};

/// No head and no body here is larger.
const LARGEST: u64 = 1 << 20;

/// A request or an answer that came whole.
pub(crate) struct Message {
    pub(crate) first_line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads the next message; none when the other side has closed the connection between two.
    ///
    /// # Errors
    /// When the connection breaks off within the message: what came of it counts for nothing.
    pub(crate) fn read(connection: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut connection = connection.take(LARGEST);
        let Some(first_line) = read_line(&mut connection)? else {
            return Ok(None);
        };
        let mut headers = Vec::new();
        loop {
            let line = read_line(&mut connection)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut message = Self {
            first_line,
            headers,
            body: Vec::new(),
        };
        // Nobody here sends a body of unknown length: neither axum for a text in memory, nor `reqwest` for a form.
        if message.header("transfer-encoding").is_some() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let length = message.header("content-length").unwrap_or("0");
        let length = length.parse().map_err(|_| io::ErrorKind::InvalidData)?;
        message.body = vec![0; length];
        connection.read_exact(&mut message.body)?;
        Ok(Some(message))
    }

    /// The first header of this name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All headers of this name, which is in lower case.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The status of an answer.
    pub(crate) fn status(&self) -> Option<u16> {
        self.first_line.split(' ').nth(1)?.parse().ok()
    }
}

/// A line without its end; none at the end of the connection.
fn read_line(connection: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let whole = line.strip_suffix("\r\n");
    Ok(Some(whole.ok_or(io::ErrorKind::UnexpectedEof)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_each_other_on_one_connection() {
        let mut sent: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nset-cookie:b=2\r\n\r\nokHTTP/1.1 204 No Content\r\n\r\n";
        let first = Message::read(&mut sent).unwrap().unwrap();
        assert_eq!((first.status(), &first.body[..]), (Some(200), &b"ok"[..]));
        assert_eq!(first.all("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
        let second = Message::read(&mut sent).unwrap().unwrap();
        assert_eq!((second.status(), second.body.len()), (Some(204), 0));
        assert!(Message::read(&mut sent).unwrap().is_none());
    }

    #[test]
    fn a_message_that_breaks_off_counts_for_nothing() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        for length in 1..whole.len() {
            assert!(Message::read(&mut &whole[..length]).is_err(), "{length}");
        }
    }
}
