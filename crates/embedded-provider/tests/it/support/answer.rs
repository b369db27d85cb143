//! A response with its whole body.

use reqwest::{Response, header::HeaderMap};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// Status, headers and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// The body as JSON; `null` when it is empty.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// Status and JSON, for one comparison.
    #[track_caller]
    pub(crate) fn outcome(&self) -> (u16, Value) {
        (self.status, self.json())
    }

    /// The parameters of an authorization response, from query or fragment.
    pub(crate) fn authorization_response(&self) -> BTreeMap<String, String> {
        let location = Url::parse(self.location()).unwrap();
        let parameters = location.query().or(location.fragment()).unwrap_or_default();
        url::form_urlencoded::parse(parameters.as_bytes())
            .into_owned()
            .collect()
    }

    /// The cookies that the response sets, without their values: `name; attributes`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|cookie| {
                let cookie = cookie.to_str().unwrap();
                let (name, rest) = cookie.split_once('=').unwrap();
                let attributes = rest.split_once(';').unwrap().1;
                format!("{name};{attributes}")
            })
            .collect()
    }
}
