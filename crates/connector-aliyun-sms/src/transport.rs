//! The HTTP client: no retries, no redirects, limits on time and size. Trusted roots and proxies are those of `http-client`.

use crate::{ClientError, Endpoint, SendError, date, request::SendSms};
use http_client::HttpConfig;
use reqwest::header::{CONTENT_LENGTH, DATE};
use std::time::Duration;
use time::OffsetDateTime;

/// The time limit of a connection. If none is established, there is a second attempt, so a person waits at most this
/// long plus a whole exchange.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The time limit of the whole exchange. Aliyun recommends at least a second.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(12);
/// The largest accepted response, in bytes. A real one has about 200.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// A response that is not parsed yet.
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    /// The header `Date`: the time by the service's clock.
    pub(crate) date: Option<OffsetDateTime>,
    pub(crate) body: Vec<u8>,
}

/// Sends requests.
#[derive(Clone, Debug)]
pub(crate) struct Transport(reqwest::Client);

impl Transport {
    pub(crate) fn new(endpoint: &Endpoint) -> Result<Self, ClientError> {
        let mut builder = HttpConfig::from_env()?
            .builder(None)
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .retry(reqwest::retry::never()) // a retry could send the message twice
            .referer(false);
        if !endpoint.is_loopback() {
            builder = builder.https_only(true);
        }
        builder.build().map(Self).map_err(ClientError::Http)
    }

    pub(crate) async fn post(&self, request: SendSms) -> Result<RawAnswer, SendError> {
        let mut post = self.0.post(request.url).header(CONTENT_LENGTH, 0);
        for (name, value) in request.headers {
            post = post.header(name, value);
        }
        let mut response = post.send().await.map_err(without_number)?;
        let status = response.status().as_u16();
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| date::parse_http(date.to_str().ok()?));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(without_number)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(SendError::NotUnderstood { status });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(RawAnswer { status, date, body })
    }
}

/// Removes the URL from an error of reqwest, because the query has the number and the code.
fn without_number(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        SendError::Unreachable(error)
    } else {
        SendError::NoAnswer(error)
    }
}
