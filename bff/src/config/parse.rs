//! Texts into types, one function for each kind of setting. An error completes a sentence that begins with the setting's
//! name, and never repeats its value.

use super::LogFormat;
use ipnet::IpNet;
use oidc_rp::openidconnect::{IssuerUrl, Scope, core::CoreJwsSigningAlgorithm};
use serde::de::DeserializeOwned;
use session_store::{Address, AddressError};
use shared::Prompt;
use std::net::SocketAddr;
use time::Duration;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

pub(super) type Parsed<T> = Result<T, &'static str>;

/// Ten years, in seconds. A longer time is a typing error, and sums of times stay far from overflow.
const LONGEST: i64 = 10 * 365 * 86_400;
/// Signatures by keys that only the provider has: no `none`, and no HMAC with the client secret.
const ALGORITHMS: [&str; 9] = [
    "ES256", "ES384", "EdDSA", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
];

pub(super) fn filled(text: &str) -> Parsed<String> {
    if text.starts_with('<') || text.starts_with("your-") || text.trim().is_empty() {
        return Err("is still a placeholder");
    }
    Ok(text.to_owned())
}

pub(super) fn boolean(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "is neither true nor false")
}

/// An http or https address; plain http only on this machine.
pub(super) fn web_url(text: &str) -> Parsed<Url> {
    let url = any_web_url(text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must begin with https:// (plain http is for localhost only)");
    }
    Ok(url)
}

/// An http or https address; plain http may be spoken inside a private network.
pub(super) fn any_web_url(text: &str) -> Parsed<Url> {
    let url = Url::parse(text).ok();
    let url = url.ok_or("is not an address such as https://logto.example")?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || url.query().is_some() || url.fragment().is_some() {
        return Err("must have neither a user nor a query nor a fragment");
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is not an address such as https://logto.example");
    }
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

pub(super) fn provider_url(text: &str) -> Parsed<Url> {
    let url = web_url(text)?;
    if url.path().trim_end_matches('/').ends_with("/oidc") {
        return Err("must be Logto's address without /oidc");
    }
    Ok(url)
}

/// Logto's issuer is its endpoint followed by `/oidc`, without a slash at the end.
pub(super) fn issuer_of(endpoint: &Url) -> IssuerUrl {
    let mut url = endpoint.clone();
    url.set_path(&format!("{}/oidc", endpoint.path().trim_end_matches('/')));
    IssuerUrl::from_url(url)
}

pub(super) fn issuer(text: &str) -> Parsed<IssuerUrl> {
    web_url(text)?;
    IssuerUrl::new(text.to_owned()).map_err(|_| "is not an address")
}

/// RFC 6749, section 3.3: visible ASCII without `"` and `\`.
pub(super) fn scopes(text: &str) -> Parsed<Vec<Scope>> {
    let is_allowed = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if !text
        .split_whitespace()
        .all(|scope| scope.bytes().all(is_allowed))
    {
        return Err("holds something that is no scope");
    }
    let beyond_openid = text.split_whitespace().filter(|scope| *scope != "openid");
    Ok(beyond_openid
        .map(|scope| Scope::new(scope.to_owned()))
        .collect())
}

pub(super) fn resources(text: &str) -> Parsed<Vec<Url>> {
    let resources = text.split_whitespace().map(Url::parse);
    resources
        .collect::<Result<_, _>>()
        .map_err(|_| "holds something that is not an absolute address")
}

/// `none` excludes the others (OpenID Connect Core 1.0, section 3.1.2.1).
pub(super) fn prompts(text: &str) -> Parsed<Vec<Prompt>> {
    let prompts = text
        .split_whitespace()
        .map(named)
        .collect::<Option<Vec<_>>>();
    let prompts = prompts.ok_or("is not made of none, consent, login")?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err("says none together with another one");
    }
    Ok(prompts)
}

pub(super) fn algorithms(text: &str) -> Parsed<Vec<CoreJwsSigningAlgorithm>> {
    let names = text.split([',', ' ']).filter(|name| !name.is_empty());
    let algorithms = names.map(|name| ALGORITHMS.contains(&name).then(|| named(name))?);
    match algorithms.collect::<Option<Vec<_>>>() {
        Some(algorithms) if algorithms.is_empty() => Err("names no algorithm"),
        Some(algorithms) => Ok(algorithms),
        None => {
            Err("is not a list of ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512")
        }
    }
}

/// The address is parsed here, before anything connects. It may hold a password, so no error repeats it.
pub(super) fn store(text: &str) -> Parsed<Address> {
    text.parse().map_err(AddressError::as_str)
}

pub(super) fn seconds(text: &str) -> Parsed<Duration> {
    match text.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::seconds(seconds)),
        _ => Err("is not a number of seconds from 1 to 315360000"),
    }
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    text.parse()
        .map_err(|_| "is not an address with a port such as 127.0.0.1:3000")
}

/// CIDRs such as `10.0.0.0/8`, separated by commas.
pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    let networks = text.split(',').map(|network| network.trim().parse());
    networks
        .collect::<Result<_, _>>()
        .map_err(|_| "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32")
}

/// A limit; 0 is none.
pub(super) fn limit(text: &str) -> Parsed<Option<u32>> {
    match text.parse() {
        Ok(0) => Ok(None),
        Ok(limit) => Ok(Some(limit)),
        Err(_) => Err("is not a number"),
    }
}

pub(super) fn log_format(text: &str) -> Parsed<LogFormat> {
    named(text).ok_or("is neither text nor json")
}

pub(super) fn log_filter(text: &str) -> Parsed<String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("is not a list of levels such as info,bff=debug"),
    }
}

/// The value that JSON writes as this text.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}
