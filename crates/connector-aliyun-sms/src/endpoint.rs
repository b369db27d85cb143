//! The endpoint: Aliyun over https, or a server on this machine.

use std::str::FromStr;
use url::{Host, Url};

/// The endpoint for accounts of mainland China.
pub const DEFAULT_ENDPOINT: &str = "https://dysmsapi.aliyuncs.com";

/// A checked address of the service: scheme, host and port, with the path `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Plain http to another machine: codes would be sent in clear text.
    #[error("the Aliyun SMS endpoint must begin with https:// (http:// is for this machine only)")]
    NotHttps,
    /// It has a path, query, fragment, user name or password.
    #[error(
        "the Aliyun SMS endpoint must be scheme, host and port only, such as https://dysmsapi.aliyuncs.com"
    )]
    NotAnOrigin,
    /// It is not an address.
    #[error(
        "not a region of Aliyun SMS; known are those of China (cn-…), {}",
        abroad()
    )]
    UnknownRegion,
}

/// The host of several regions outside China.
const SINGAPORE: &str = "dysmsapi.ap-southeast-1.aliyuncs.com";

/// The regions outside China, each with a host that every machine can resolve. The list of Alibaba's clients has other hosts
/// for some, which resolve only inside Aliyun. All regions of China share one host.
const ABROAD: [(&str, &str); 9] = [
    ("ap-northeast-1", SINGAPORE),
    ("ap-southeast-1", SINGAPORE),
    ("ap-southeast-2", SINGAPORE),
    ("ap-southeast-3", SINGAPORE),
    ("ap-southeast-5", "dysmsapi.ap-southeast-5.aliyuncs.com"),
    ("eu-central-1", "dysmsapi.eu-central-1.aliyuncs.com"),
    ("eu-west-1", SINGAPORE),
    ("us-east-1", "dysmsapi.us-east-1.aliyuncs.com"),
    ("us-west-1", SINGAPORE),
];

fn abroad() -> String {
    ABROAD.map(|(region, _)| region).join(", ")
}

impl Endpoint {
    /// The service of a region, such as `cn-hangzhou` or `ap-southeast-1`.
    ///
    /// Every `cn-…` is treated as a region of China, even if it does not exist: no list of those regions is complete, and
    /// all share one host.
    ///
    /// # Errors
    /// When the region is unknown.
    pub fn of_region(region: &str) -> Result<Self, EndpointError> {
        match ABROAD.iter().find(|(name, _)| *name == region) {
            Some((_, host)) => host.parse(),
            None if region.starts_with("cn-") => Ok(Self::default()),
            None => Err(EndpointError::UnknownRegion),
        }
    }

    /// The address, with the path `/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// `host` or `host:port`, as in the header `Host`, which is signed.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The address with an encoded query.
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

impl Default for Endpoint {
    /// [`DEFAULT_ENDPOINT`].
    fn default() -> Self {
        DEFAULT_ENDPOINT
            .parse()
            .unwrap_or_else(|error| unreachable!("a test reads it: {error}"))
    }
}

/// Parses an address, or only a host, as Alibaba's own clients do.
impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("https://{text}"))
        };
        url.map_err(|_| EndpointError::NotAnOrigin)?.try_into()
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
    fn q38_a_region_has_its_service() {
        for (region, host) in [
            ("cn-hangzhou", "dysmsapi.aliyuncs.com"),
            ("cn-shanghai", "dysmsapi.aliyuncs.com"),
            ("cn-beijing-finance-1", "dysmsapi.aliyuncs.com"),
            ("cn-nowhere", "dysmsapi.aliyuncs.com"),
            ("cn-beijing", "dysmsapi.aliyuncs.com"),
            ("cn-hongkong", "dysmsapi.aliyuncs.com"),
            ("ap-northeast-1", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("ap-southeast-1", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("ap-southeast-2", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("ap-southeast-3", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("us-west-1", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("eu-west-1", "dysmsapi.ap-southeast-1.aliyuncs.com"),
            ("ap-southeast-5", "dysmsapi.ap-southeast-5.aliyuncs.com"),
            ("eu-central-1", "dysmsapi.eu-central-1.aliyuncs.com"),
            ("us-east-1", "dysmsapi.us-east-1.aliyuncs.com"),
        ] {
            assert_eq!(Endpoint::of_region(region).unwrap().host(), host);
        }
        for (region, _) in ABROAD {
            let host = Endpoint::of_region(region).unwrap().host();
            assert_ne!(host, Endpoint::default().host(), "{region}");
        }
        let error = Endpoint::of_region("eu-west-9").unwrap_err();
        assert_eq!(error, EndpointError::UnknownRegion);
        assert!(
            error
                .to_string()
                .ends_with("eu-west-1, us-east-1, us-west-1")
        );
    }

    #[test]
    fn a_host_alone_is_reached_by_https() {
        let endpoint: Endpoint = "dysmsapi.aliyuncs.com".parse().unwrap();
        assert_eq!(endpoint, Endpoint::default());
        let wrong = "not a host".parse::<Endpoint>();
        assert_eq!(wrong, Err(EndpointError::NotAnOrigin));
    }

    #[test]
    fn p063_https_goes_anywhere_and_http_stays_on_this_machine() {
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
