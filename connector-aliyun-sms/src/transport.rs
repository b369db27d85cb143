//! The one HTTP client: one attempt, no redirects, limits on time and size.

use crate::{ClientError, Endpoint, SendError, request::SendSms};
use reqwest::header::CONTENT_LENGTH;
use std::time::Duration;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the whole exchange may take; a person is waiting.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// The most that is read of an answer; a real one has about 200 bytes.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// An answer, not yet understood.
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends requests.
#[derive(Clone, Debug)]
pub(crate) struct Transport(reqwest::Client);

impl Transport {
    pub(crate) fn new(endpoint: &Endpoint) -> Result<Self, ClientError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never()) // a second attempt could be a second message
            .referer(false);
        builder = if endpoint.is_loopback() {
            builder.no_proxy()
        } else {
            builder.https_only(true)
        };
        builder.build().map(Self).map_err(ClientError::Http)
    }

    pub(crate) async fn post(&self, request: SendSms) -> Result<RawAnswer, SendError> {
        let mut post = self.0.post(request.url).header(CONTENT_LENGTH, 0);
        for (name, value) in request.headers {
            post = post.header(name, value);
        }
        let mut response = post.send().await.map_err(without_number)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(without_number)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(SendError::NotUnderstood { status });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(RawAnswer { status, body })
    }
}

/// reqwest's errors carry the URL, whose query has the number and the code.
fn without_number(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        SendError::Unreachable(error)
    } else {
        SendError::NoAnswer(error)
    }
}
