//! A wire to a tenant that a story can disturb. Each request has a connection of its own, so that requests can be counted.

use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What happens to a request in place of the tenant's answer.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// A JSON answer with this status and these header lines.
    Json(u16, &'static str, Value),
    /// An answer with this status, media type and text.
    Text(u16, &'static str, &'static str),
    /// The answer breaks off.
    HalfABody,
    /// There is no answer, and the connection stays.
    Silence,
    /// The connection is closed, and the tenant knows of nothing.
    Lost,
    /// The tenant does it, and its answer is lost.
    AnswerLost,
    /// Another program had done it at the same moment, and the tenant finds that out in its database.
    Raced,
    /// The tenant gets it twice, as if another program had sent the same a moment before.
    Twice,
}

/// A relay. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Relay {
    pub(crate) url: String,
    rules: Arc<Mutex<Rules>>,
}

#[derive(Default)]
struct Rules {
    /// Each request that came, e.g. `POST /api/roles`.
    requests: Vec<String>,
    authorization: String,
    /// For requests that begin with the text; how many more of them.
    faults: Vec<(&'static str, usize, Fault)>,
    /// For each request after so many.
    after: Option<(usize, Fault)>,
}

impl Relay {
    /// A wire to this server. `None`: to an empty tenant that takes nothing.
    pub(crate) async fn to(server: Option<SocketAddr>) -> Self {
        Self::with_rules(server, Arc::default()).await
    }

    /// A wire to another server, where the same happens. The requests to both are counted together.
    pub(crate) async fn beside(&self, server: SocketAddr) -> Self {
        Self::with_rules(Some(server), self.rules.clone()).await
    }

    async fn with_rules(server: Option<SocketAddr>, rules: Arc<Mutex<Rules>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            url: format!("http://localhost:{}", listener.local_addr().unwrap().port()),
            rules,
        };
        let rules = relay.rules.clone();
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let rules = rules.clone();
                tokio::spawn(async move {
                    // A program that is gone is no fault of the relay.
                    let _ = serve(client, server, &rules).await;
                });
            }
        });
        relay
    }

    /// Disturbs the next `times` requests that begin with `request`.
    pub(crate) fn disturb(&self, request: &'static str, times: usize, fault: Fault) {
        self.rules
            .lock()
            .unwrap()
            .faults
            .push((request, times, fault));
    }

    /// Disturbs each request after the next `requests`.
    pub(crate) fn disturb_after(&self, requests: usize, fault: Fault) {
        let mut rules = self.rules.lock().unwrap();
        rules.after = Some((rules.requests.len() + requests, fault));
    }

    pub(crate) fn mend(&self) {
        let mut rules = self.rules.lock().unwrap();
        (rules.faults, rules.after) = (Vec::new(), None);
    }

    /// The header that the program sent last to prove who it is.
    pub(crate) fn authorization(&self) -> String {
        self.rules.lock().unwrap().authorization.clone()
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.rules.lock().unwrap().requests)
    }
}

impl Rules {
    fn fault(&mut self, request: &str) -> Option<Fault> {
        self.requests.push(request.to_owned());
        if let Some((requests, fault)) = &self.after
            && self.requests.len() > *requests
        {
            return Some(fault.clone());
        }
        let is_next = |(begin, times, _): &&mut (&str, usize, Fault)| {
            request.starts_with(*begin) && *times > 0
        };
        let (_, times, fault) = self.faults.iter_mut().find(is_next)?;
        *times -= 1;
        Some(fault.clone())
    }
}

async fn serve(
    mut client: TcpStream,
    server: Option<SocketAddr>,
    rules: &Mutex<Rules>,
) -> std::io::Result<()> {
    let (head, body) = read_request(&mut client).await?;
    let request: Vec<_> = head.split(' ').take(2).collect();
    let request = request.join(" ");
    let fault = {
        let mut rules = rules.lock().unwrap();
        if let Some(bearer) =
            header(&head, "authorization").filter(|value| value.starts_with("Bearer "))
        {
            bearer.clone_into(&mut rules.authorization);
        }
        rules.fault(&request)
    };
    let answer = match fault {
        None => match server {
            Some(server) => forward(server, &head, &body).await?,
            None => empty_tenant(&request),
        },
        Some(Fault::Json(status, headers, body)) => answer(
            status,
            &format!("{headers}Content-Type: application/json; charset=utf-8\r\n"),
            &body.to_string(),
        ),
        Some(Fault::Text(status, media_type, body)) => {
            answer(status, &format!("Content-Type: {media_type}\r\n"), body)
        }
        Some(Fault::HalfABody) => {
            let whole = answer(
                200,
                "Content-Type: application/json\r\n",
                "[{\"id\":\"1\"}]",
            );
            whole[..whole.len() - 5].to_vec()
        }
        Some(Fault::Silence) => {
            // Until the program gives up.
            while client.read(&mut [0; 64]).await? > 0 {}
            return Ok(());
        }
        Some(Fault::Lost) => return Ok(()),
        Some(Fault::Twice) => {
            let server = server.unwrap();
            forward(server, &head, &body).await?;
            next_millisecond().await; // so that one of two objects is older
            forward(server, &head, &body).await?
        }
        Some(Fault::Raced) => {
            if let Some(server) = server {
                forward(server, &head, &body).await?;
            }
            let json = "Content-Type: application/json; charset=utf-8\r\n";
            answer(500, json, r#"{"message":"Internal server error."}"#)
        }
        Some(Fault::AnswerLost) => {
            if let Some(server) = server {
                forward(server, &head, &body).await?;
            }
            return Ok(());
        }
    };
    client.write_all(&answer).await?;
    client.shutdown().await
}

/// The request line with its headers, without the last empty line; and the body.
async fn read_request(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = header(&head, "content-length").map(|length| length.parse().unwrap());
            let mut body = bytes.split_off(end + 4);
            let missing = length.unwrap_or(0_usize).saturating_sub(body.len());
            let begin = body.len();
            body.resize(begin + missing, 0);
            client.read_exact(&mut body[begin..]).await?;
            return Ok((head, body));
        }
        let mut chunk = [0; 4096];
        match client.read(&mut chunk).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (other, value) = line.split_once(':')?;
        other.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

async fn next_millisecond() {
    let clock = clock::Clock::system();
    let now = clock.unix_milliseconds();
    while clock.unix_milliseconds() <= now + 1 {
        tokio::task::yield_now().await;
    }
}

pub(super) async fn forward(
    server: SocketAddr,
    head: &str,
    body: &[u8],
) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(server).await?;
    server
        .write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    server.write_all(body).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// What a tenant without objects answers to reads, and to a request for a token.
fn empty_tenant(request: &str) -> Vec<u8> {
    let body = match request {
        "POST /oidc/token" => {
            json!({ "access_token": super::TOKEN, "token_type": "Bearer", "expires_in": 3600, "scope": "all" })
        }
        "GET /api/sign-in-exp" | "GET /api/account-center" => json!({}),
        _ => json!([]),
    };
    answer(
        200,
        "Content-Type: application/json; charset=utf-8\r\n",
        &body.to_string(),
    )
}

fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}
