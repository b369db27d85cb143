//! What belongs together on the web: hosts and domains, sites, origins that count as secure.

use std::net::IpAddr;
use url::{Host, Url};

/// The host as it is compared: lower case, without port.
pub(super) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_ascii_lowercase()
}

/// Domain-match (RFC 6265bis, section 5.1.3): the same, or a name below it. An address has nothing below it.
pub(super) fn belongs_to(host: &str, domain: &str) -> bool {
    if host == domain {
        return true;
    }
    let is_address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    !is_address
        && host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// A name under which anybody may have a site. The hosts of the stories need only names of one label.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    !domain.contains('.')
}

/// Schemeful same-site (RFC 6265bis, section 5.2): scheme and registrable domain are the same, ports may differ.
pub(super) fn is_same_site(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme() && registrable_domain(one) == registrable_domain(other)
}

fn registrable_domain(url: &Url) -> String {
    let host = host_of(url);
    if !matches!(url.host(), Some(Host::Domain(_))) {
        return host;
    }
    let mut labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".")
}

/// Over TLS, or on this machine (a potentially trustworthy origin).
pub(super) fn is_secure(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_local
}
