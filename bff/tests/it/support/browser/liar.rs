//! What no honest browser does, for stories about those that are none: any header, planted cookies, raw bytes.

use super::{Answer, Journey, TestBrowser, insert, latin1};
use crate::support::cookie_jar::Relation;
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

impl TestBrowser {
    /// A request with these headers alone, whatever they claim, and with all cookies that are for this address.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let url = self.address(url);
        let journey = Journey::of_a_person(&url);
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            insert(&mut all, name, value);
        }
        self.exchange(method, url, journey, Relation::SameSite, all, body)
            .await
    }

    /// A cookie that somebody else put there, past all rules.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.cookies.plant(name, value, &self.home);
    }

    /// A visit to a target that no URL library would send, byte by byte. A `Set-Cookie` that comes back is kept.
    pub(crate) async fn visit_bytes(&mut self, target: &[u8]) -> Answer {
        let home = self.address("/");
        let mut stream = TcpStream::connect(self.network.socket_address_of(&home))
            .await
            .unwrap();
        let host = home.authority();
        let rest = format!(" HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let request = [b"GET ", target, rest.as_bytes()].concat();
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = self.read_answer(&latin1(&answer));
        for header in answer.headers.get_all("set-cookie") {
            let _ = self.visit_that_sets("/", &latin1(header.as_bytes()));
        }
        answer
    }

    fn read_answer(&self, text: &str) -> Answer {
        let url = self.address("/");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| {
            let name = name.parse::<HeaderName>().unwrap();
            (name, value.parse::<HeaderValue>().unwrap())
        });
        Answer {
            status: status.unwrap().parse::<StatusCode>().unwrap(),
            headers: headers.collect(),
            body: body.to_owned(),
            method: Method::GET,
            journey: Journey::of_a_person(&url),
            url,
        }
    }
}
