//! A request to the API as it arrived, decoded: nothing of it is trusted yet.

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, Uri, header::CONTENT_TYPE},
};
use url::form_urlencoded;

/// A request to `/`.
pub(super) struct ApiRequest {
    pub(super) method: Method,
    pub(super) path: String,
    /// The query, decoded as a form is: `+` and `%20` are both a blank. Clients differ, and all sign `%20`.
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl ApiRequest {
    pub(super) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            method,
            path: uri.path().to_owned(),
            query: decode(uri.query().unwrap_or_default().as_bytes()),
            headers,
            body,
        }
    }

    /// The first value of a header, when it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the action: those of the query, then those of a form in the body.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        let is_form = self
            .header(CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let form = if is_form {
            decode(&self.body)
        } else {
            Vec::new()
        };
        self.query.iter().cloned().chain(form).collect()
    }

    /// Whether this is a person with a browser, not a client of the API.
    pub(super) fn is_visit(&self) -> bool {
        self.method == Method::GET && self.query.is_empty() && self.header("x-acs-action").is_none()
    }
}

fn decode(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &'static str, content_type: &'static str, body: &'static str) -> ApiRequest {
        let headers = [(CONTENT_TYPE, content_type.parse().unwrap())];
        ApiRequest::new(
            Method::POST,
            &Uri::from_static(uri),
            headers.into_iter().collect(),
            Bytes::from_static(body.as_bytes()),
        )
    }

    #[test]
    fn parameters_come_from_the_query_and_from_a_form() {
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        let expected = [("a", "1 2 +"), ("b", "~*"), ("c", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        for uri in ["/?a=1+2%20%2B&b=~*&c=", "/?a=1%202+%2B&b=%7E%2A&c="] {
            assert_eq!(request(uri, form, "").parameters(), expected);
        }
        assert_eq!(
            request("/?a=1+2+%2B", form, "b=%7E*&c=").parameters(),
            expected
        );
        assert_eq!(request("/", "application/json", "a=1").parameters(), []);
    }
}
