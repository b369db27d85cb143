//! Where requests go: Aliyun over https, or a server on this machine.

use url::{Host, Url};

/// Aliyun SMS for accounts of mainland China.
pub const DEFAULT_ENDPOINT: &str = "https://dysmsapi.aliyuncs.com";

/// A checked address of the service: scheme, host and port, with the path `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Codes would travel in clear text.
    #[error("the Aliyun SMS endpoint must begin with https:// (http:// is for this machine only)")]
    NotHttps,
    /// A path, query, fragment, user name or password.
    #[error(
        "the Aliyun SMS endpoint must be scheme, host and port only, such as https://dysmsapi.aliyuncs.com"
    )]
    NotAnOrigin,
}

impl Endpoint {
    /// `host` or `host:port`, as in the header `Host`, which is signed.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The address with a query that is encoded already.
    #[must_use]
    pub fn with_query(&self, query: &str) -> Url {
        let mut url = self.0.clone();
        url.set_query(Some(query));
        url
    }

    /// Whether the service is on this machine, by name or number.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl TryFrom<Url> for Endpoint {
    type Error = EndpointError;

    fn try_from(url: Url) -> Result<Self, EndpointError> {
        let is_origin = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(EndpointError::NotHttps),
        }
        is_origin
            .then_some(Self(url))
            .ok_or(EndpointError::NotAnOrigin)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Result<Endpoint, EndpointError> {
        Url::parse(text).unwrap().try_into()
    }

    #[test]
    fn https_goes_anywhere_and_http_stays_on_this_machine() {
        for (right, host) in [
            (DEFAULT_ENDPOINT, "dysmsapi.aliyuncs.com"),
            ("https://dysmsapi.aliyuncs.com:443", "dysmsapi.aliyuncs.com"),
            ("https://sms.example:8443", "sms.example:8443"),
            ("http://127.0.0.1:3003", "127.0.0.1:3003"),
            ("http://127.9.9.9", "127.9.9.9"),
            ("http://localhost:3003/", "localhost:3003"),
            ("http://[::1]:3003", "[::1]:3003"),
        ] {
            assert_eq!(endpoint(right).unwrap().host(), host);
        }
        for wrong in [
            "http://dysmsapi.aliyuncs.com",
            "http://localhost.example",
            "http://192.168.0.1:3003",
            "http://0.0.0.0:3003",
            "ftp://127.0.0.1",
            "file:///",
        ] {
            assert_eq!(endpoint(wrong), Err(EndpointError::NotHttps), "{wrong}");
        }
    }

    #[test]
    fn an_endpoint_is_an_origin() {
        for wrong in [
            "https://sms.example/path",
            "https://sms.example/?a=1",
            "https://sms.example/#a",
            "https://user@sms.example",
            "https://:password@sms.example",
        ] {
            assert_eq!(endpoint(wrong), Err(EndpointError::NotAnOrigin), "{wrong}");
        }
    }
}
