//! A decoded request to the API. Nothing in it is verified yet.

use crate::signature::{Pair, SignatureVersion};
use axum::{
    body::Bytes,
    http::{
        HeaderMap, Method, Uri,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
};
use url::form_urlencoded;

/// A request to `/`.
pub(crate) struct ApiRequest {
    pub(super) method: Method,
    pub(super) path: String,
    /// The query, decoded like a form: `+` and `%20` are both a space. Clients send either, and all sign `%20`.
    pub(super) query: Vec<(String, String)>,
    /// The form in the body. Empty if there is none.
    form: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl ApiRequest {
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let is_form = headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(FORM));
        Self {
            method,
            path: uri.path().to_owned(),
            query: decode(uri.query().unwrap_or_default().as_bytes()),
            form: if is_form { decode(&body) } else { Vec::new() },
            headers,
            body,
        }
    }

    /// The first value of a header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters: those of the query, then those of the form.
    pub(crate) fn parameters(&self) -> Vec<Pair<'_>> {
        let all = self.query.iter().chain(&self.form);
        all.map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The first value of a parameter. An empty one counts as absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter().chain(&self.form);
        let found = all.find_map(|(given, value)| (given == name).then_some(value.as_str()));
        found.filter(|value| !value.is_empty())
    }

    /// The version of the signature. V3 is in headers, V1 in parameters. Clients of V1 also send headers of V3, except
    /// `Authorization`.
    pub(super) fn signature_version(&self) -> SignatureVersion {
        let mut parameters = self.query.iter().chain(&self.form);
        let names = ["AccessKeyId", "Signature", "SignatureVersion"];
        let is_v1 = !self.headers.contains_key(AUTHORIZATION)
            && (parameters.any(|(name, _)| names.contains(&name.as_str()))
                || !self.headers.contains_key("x-acs-action"));
        if is_v1 {
            SignatureVersion::V1
        } else {
            SignatureVersion::V3
        }
    }

    /// Whether this request comes from a browser and not from a client of the API.
    pub(super) fn is_visit(&self) -> bool {
        self.method == Method::GET && self.query.is_empty() && self.header("x-acs-action").is_none()
    }
}

const FORM: &[u8] = b"application/x-www-form-urlencoded";

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
        for uri in ["/?a=1+2%20%2B&b=~*&c=", "/?a=1%202+%2B&b=%7E%2A&c="] {
            assert_eq!(request(uri, form, "").parameters(), expected);
        }
        let both = request("/?a=1+2+%2B", form, "b=%7E*&c=");
        assert_eq!(both.parameters(), expected);
        assert_eq!(both.parameter("a"), Some("1 2 +"));
        assert_eq!(both.parameter("c"), None, "empty counts as absent");
        assert_eq!(request("/", "application/json", "a=1").parameters(), []);
    }
}
