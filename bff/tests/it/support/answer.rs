//! What a server answered.

use super::browser::Journey;
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, LOCATION},
};
use serde_json::Value;
use url::Url;

/// An answer, and the request that it answers.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(super) method: Method,
    pub(super) journey: Journey,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
