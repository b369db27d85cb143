//! The client's address: the connection's, or the one that a trusted proxy names.

use axum::extract::{ConnectInfo, Request};
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Of a request without a connection, as in tests.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Proxies that are believed when they name their client (`TRUSTED_PROXIES`).
#[derive(Debug, Default)]
pub(crate) struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(crate) fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// The address of the client that sent a request.
    pub(crate) fn client_of(&self, request: &Request) -> IpAddr {
        self.client(peer(request).unwrap_or(UNKNOWN), request.headers())
    }

    /// Whether the request comes over a connection from a trusted proxy.
    pub(crate) fn sent(&self, request: &Request) -> bool {
        peer(request).is_some_and(|peer| self.trusts(peer))
    }

    /// The rightmost address in `X-Forwarded-For` that is no trusted proxy's. Every proxy appends the address of its peer,
    /// so a client can choose only what is further left.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let hops = headers
            .get_all("x-forwarded-for")
            .iter()
            .rev()
            .flat_map(|header| header.as_bytes().rsplit(|&byte| byte == b','));
        let mut client = peer.to_canonical();
        for hop in hops {
            match read(hop) {
                Some(next) if self.trusts(client) => client = next.to_canonical(),
                _ => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The other end of the request's connection.
fn peer(request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(peer.0.ip())
}

/// An address, with or without a port. Each element is parsed alone, so that invalid bytes of a client do not hide what a
/// proxy appended.
fn read(element: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(element).ok()?.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn client(peer: &str, forwarded: &[impl AsRef<[u8]>]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for header in forwarded {
            let value = HeaderValue::from_bytes(header.as_ref()).unwrap();
            headers.append("x-forwarded-for", value);
        }
        let proxies = TrustedProxies::new(trusted.to_vec());
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn t17_the_rightmost_address_that_is_no_proxys_counts() {
        for (peer, forwarded, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            (
                "10.0.0.1",
                &["203.0.113.9,198.51.100.7, 10.9.9.9"],
                "198.51.100.7",
            ),
            (
                "10.0.0.1",
                &["203.0.113.9", "198.51.100.7", "10.9.9.9"],
                "198.51.100.7",
            ),
            ("10.0.0.1", &["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            ("10.0.0.1", &["203.0.113.9, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("fd00::1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
        ] {
            assert_eq!(client(peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn t17_a_byte_that_is_no_text_spoils_its_own_element_only() {
        for (forwarded, expected) in [
            (&[&b"\xff, 198.51.100.7"[..]][..], "198.51.100.7"),
            (&[b"\xff", b"198.51.100.7"], "198.51.100.7"),
            (&[b"\xff,198.51.100.7, 10.9.9.9"], "198.51.100.7"),
            (&[b"198.51.100.7, \xff"], "10.0.0.1"),
            (&[b"198.51.100.\xff"], "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", forwarded), expected, "{forwarded:?}");
        }
    }
}
