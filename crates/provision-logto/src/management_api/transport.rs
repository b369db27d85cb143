//! One request and its answer: no redirect, limits on time and size, and faults without URL and body.

use http_client::HttpConfig;
use reqwest::{
    RequestBuilder, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde_json::Value;
use std::{error::Error as _, io, iter, time::Duration};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes. A connector comes with its manual and its logo: 50 KB each.
const LARGEST: usize = 8 << 20;

/// The answer to a request.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u64>,
    /// `Total-Number`: how many objects the whole list has.
    pub(super) total: Option<usize>,
    pub(super) is_json: bool,
    pub(super) body: Vec<u8>,
}

/// There is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// No connection, or one that is not trusted.
    #[error("cannot be reached ({0})")]
    Unreachable(String),
    /// No authority that this program trusts has signed the certificate.
    #[error("has a certificate that is signed by an unknown authority")]
    UnknownAuthority,
    /// The connection was closed before the answer began.
    #[error("closed the connection without an answer")]
    Closed,
    #[error("did not answer within 10 seconds")]
    TimedOut,
    #[error("broke off in the middle of its answer")]
    BrokeOff,
    #[error("answered with more than {} MiB", LARGEST >> 20)]
    TooLarge,
}

impl Fault {
    /// Whether the same request may succeed a moment later.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Closed | Self::BrokeOff)
    }
}

pub(super) fn client(http: &HttpConfig) -> Result<reqwest::Client, reqwest::Error> {
    http.builder(None)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .user_agent(concat!("provision-logto/", env!("CARGO_PKG_VERSION")))
        .build()
}

pub(super) fn json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string())
}

pub(super) async fn send(request: RequestBuilder) -> Result<Answer, Fault> {
    let mut incoming = request.send().await.map_err(scrub)?;
    let mut body = Vec::new();
    while let Some(chunk) = incoming.chunk().await.map_err(scrub)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let headers = incoming.headers();
    let media_type = text(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
    Ok(Answer {
        status: incoming.status(),
        retry_after: number(headers, RETRY_AFTER.as_str()),
        total: number(headers, "total-number"),
        is_json: media_type.starts_with("application/json"),
        body,
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    text(headers, name)?.trim().parse().ok()
}

/// reqwest's own text has the URL.
fn scrub(error: reqwest::Error) -> Fault {
    if error.is_timeout() {
        return Fault::TimedOut;
    }
    if error.is_body() || error.is_decode() {
        return Fault::BrokeOff;
    }
    let causes = || iter::successors(error.source(), |&cause| cause.source());
    let is_reset = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::ConnectionReset)
    };
    if !error.is_connect() {
        let is_broken = causes().any(is_reset) || error.is_request();
        if is_broken {
            return Fault::Closed;
        }
    }
    let root = causes().last().map(ToString::to_string);
    let root = root.unwrap_or_else(|| "no connection".to_owned());
    // The name that rustls gives it.
    if root.contains("UnknownIssuer") {
        return Fault::UnknownAuthority;
    }
    Fault::Unreachable(root)
}
