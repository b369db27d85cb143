//! One answer of the provider: right, until a mutation spoils it.

use crate::{SignedToken, TestProvider};
use axum::{body::Body, response::Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use serde_json::Value;
use std::{io, time::Duration};
use url::form_urlencoded;

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The published keys.
    Jwks,
    /// Pushed authorization requests (RFC 9126).
    PushedAuthorization,
    /// The authorization endpoint.
    Authorization,
    /// The token endpoint, for a code.
    Token,
    /// The token endpoint, for a refresh token.
    Refresh,
    /// The userinfo endpoint.
    UserInfo,
    /// Token revocation (RFC 7009).
    Revocation,
    /// The end session endpoint.
    EndSession,
    /// Nothing that discovery names.
    Elsewhere,
}

/// An answer on its way.
pub struct Reply {
    /// Who answers.
    pub endpoint: Endpoint,
    /// The HTTP status.
    pub status: u16,
    /// The headers, at most one of a name.
    pub headers: Vec<(&'static str, String)>,
    /// The body; of a redirect, the query.
    pub json: Value,
    /// Becomes a member of the body, unless the body has one already.
    pub id_token: Option<SignedToken>,
    /// What is sent in place of the body.
    pub raw: Option<Vec<u8>>,
    /// Whether the answer waits for [`TestProvider::release`].
    pub held: bool,
    /// How long the answer is on its way.
    pub delay: Duration,
}

impl Reply {
    pub(crate) fn new(endpoint: Endpoint, status: u16, json: Value) -> Self {
        Self {
            endpoint,
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            json,
            id_token: None,
            raw: None,
            held: false,
            delay: Duration::ZERO,
        }
    }

    /// Sets a header in place of the one with this name.
    pub fn header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
    }

    /// HTML with this status.
    pub fn html(&mut self, status: u16) {
        self.status = status;
        self.header(CONTENT_TYPE.as_str(), "text/html");
        self.raw = Some(b"<!doctype html><title>Hello</title>".to_vec());
    }

    /// A redirect to this address.
    pub fn moved(&mut self, location: impl Into<String>) {
        self.status = 302;
        self.header(LOCATION.as_str(), location);
    }
}

impl TestProvider {
    /// Spoils an answer, holds it while the story wants, and sends it.
    pub(crate) async fn send(&self, mut reply: Reply) -> Response {
        let mutation = self.mutation.lock().unwrap().clone();
        mutation.apply(&mut reply);
        if !reply.delay.is_zero() {
            tokio::time::sleep(reply.delay).await;
        }
        if reply.held {
            let _ = self
                .released
                .subscribe()
                .wait_for(|&released| released)
                .await;
        }
        if let Some(id_token) = reply.id_token.take().map(|token| token.compact()) {
            self.grants.lock().unwrap().id_tokens.push(id_token.clone());
            if reply.json.is_object() && reply.json.get("id_token").is_none() {
                reply.json["id_token"] = id_token.into();
            }
        }
        if reply.endpoint == Endpoint::Authorization && reply.status == 303 {
            let location = format!("{}?{}", self.redirect_uri, query(&reply.json));
            reply.header(LOCATION.as_str(), location);
        }
        response(reply)
    }
}

fn query(parameters: &Value) -> String {
    let parameters = parameters.as_object().unwrap();
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(
            parameters
                .iter()
                .map(|(name, value)| (name, value.as_str().unwrap())),
        )
        .finish()
}

fn response(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = reply.raw.unwrap_or_else(|| match reply.status {
        204 | 303 => Vec::new(),
        _ => reply.json.to_string().into_bytes(),
    });
    let lies = reply
        .headers
        .iter()
        .any(|(name, _)| *name == CONTENT_LENGTH.as_str());
    // The server corrects a length unless it cannot know better.
    let body = if lies {
        Body::from_stream(tokio_stream::once(Ok::<_, io::Error>(body)))
    } else {
        body.into()
    };
    response.body(body).unwrap()
}
