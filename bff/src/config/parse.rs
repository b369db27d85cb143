//! Texts into types, one function per kind of setting. The errors complete a sentence that begins with
//! the setting's name, and never repeat its value.

use super::{LogFormat, StoreConfig};
use ipnet::IpNet;
use openidconnect::{IssuerUrl, Scope, core::CoreJwsSigningAlgorithm};
use redis::IntoConnectionInfo;
use shared::Prompt;
use sqlx::postgres::PgConnectOptions;
use std::{net::SocketAddr, path::PathBuf, str::FromStr};
use time::Duration;
use url::{Host, Url};

type Parsed<T> = Result<T, String>;

/// Ten years: a longer life is a typing error, and sums of times stay far from overflow.
const LONGEST: i64 = 10 * 365 * 86_400;

pub(super) fn filled(text: &str) -> Parsed<String> {
    if text.starts_with('<') || text.starts_with("your-") || text.trim().is_empty() {
        return Err("is still a placeholder".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn boolean(text: &str) -> Parsed<bool> {
    text.parse()
        .map_err(|_| "is neither true nor false".to_owned())
}

/// An http or https address; plain http only on this machine.
pub(super) fn web_url(text: &str) -> Parsed<Url> {
    let url = any_web_url(text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must begin with https:// (plain http is for localhost only)".to_owned());
    }
    Ok(url)
}

/// Whoever is inside a private network may speak plain http.
pub(super) fn any_web_url(text: &str) -> Parsed<Url> {
    match Url::parse(text) {
        Ok(url) if has_extras(&url) => {
            Err("must have neither a user nor a query nor a fragment".to_owned())
        }
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("is not an address such as https://logto.example".to_owned()),
    }
}

fn has_extras(url: &Url) -> bool {
    let user = !url.username().is_empty() || url.password().is_some();
    user || url.query().is_some() || url.fragment().is_some()
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
        return Err("must be Logto's address without /oidc".to_owned());
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
    IssuerUrl::new(text.to_owned()).map_err(|_| "is not an address".to_owned())
}

pub(super) fn scopes(text: &str) -> Parsed<Vec<Scope>> {
    text.split_whitespace()
        .filter(|scope| *scope != "openid")
        .map(|scope| {
            // RFC 6749, section 3.3: visible ASCII without `"` and `\`.
            let token = scope
                .bytes()
                .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            token
                .then(|| Scope::new(scope.to_owned()))
                .ok_or_else(|| "holds something that is no scope".to_owned())
        })
        .collect()
}

pub(super) fn resources(text: &str) -> Parsed<Vec<Url>> {
    text.split_whitespace()
        .map(|item| {
            Url::parse(item)
                .map_err(|_| "holds something that is not an absolute address".to_owned())
        })
        .collect()
}

/// `none` excludes the others (OpenID Connect Core 1.0, section 3.1.2.1).
pub(super) fn prompts(text: &str) -> Parsed<Vec<Prompt>> {
    let prompts: Vec<Prompt> = text
        .split_whitespace()
        .map(|word| {
            [Prompt::None, Prompt::Consent, Prompt::Login]
                .into_iter()
                .find(|prompt| prompt.as_str() == word)
                .ok_or_else(|| "is not made of none, consent, login".to_owned())
        })
        .collect::<Parsed<_>>()?;
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err("says none together with another one".to_owned());
    }
    Ok(prompts)
}

/// Only signatures by keys that the provider alone holds: no `none`, and no HMAC with the client secret.
pub(super) fn algorithms(text: &str) -> Parsed<Vec<CoreJwsSigningAlgorithm>> {
    use CoreJwsSigningAlgorithm as Algorithm;
    let list = text
        .split([',', ' '])
        .filter(|name| !name.is_empty())
        .map(|name| match name {
            "ES256" => Ok(Algorithm::EcdsaP256Sha256),
            "ES384" => Ok(Algorithm::EcdsaP384Sha384),
            "EdDSA" => Ok(Algorithm::EdDsa),
            "PS256" => Ok(Algorithm::RsaSsaPssSha256),
            "PS384" => Ok(Algorithm::RsaSsaPssSha384),
            "PS512" => Ok(Algorithm::RsaSsaPssSha512),
            "RS256" => Ok(Algorithm::RsaSsaPkcs1V15Sha256),
            "RS384" => Ok(Algorithm::RsaSsaPkcs1V15Sha384),
            "RS512" => Ok(Algorithm::RsaSsaPkcs1V15Sha512),
            _ => Err(
                "is not a list of ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512"
                    .to_owned(),
            ),
        });
    match list.collect::<Parsed<Vec<_>>>()? {
        empty if empty.is_empty() => Err("names no algorithm".to_owned()),
        algorithms => Ok(algorithms),
    }
}

/// Whether an address of a server is one shows here, before anybody connects; the address may hold a password, so no
/// refusal repeats it.
pub(crate) fn store(text: &str) -> Parsed<StoreConfig> {
    match text.split_once(':') {
        Some(("memory", "")) => Ok(StoreConfig::Memory),
        Some(("sqlite", path)) if !path.is_empty() => Ok(StoreConfig::Sqlite(PathBuf::from(path))),
        Some(("postgres" | "postgresql", _)) => PgConnectOptions::from_str(text)
            .map(|_| StoreConfig::Postgres(text.into()))
            .map_err(|_| {
                "is not an address such as postgres://user:password@host:5432/database".to_owned()
            }),
        Some(("redis" | "rediss", _)) => text
            .into_connection_info()
            .map(|_| StoreConfig::Redis(text.into()))
            .map_err(|_| "is not an address such as redis://user:password@host:6379/0".to_owned()),
        _ => Err("is none of memory:, sqlite:PATH, postgres://… and redis://…".to_owned()),
    }
}

pub(super) fn seconds(text: &str) -> Parsed<Duration> {
    match text.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::seconds(seconds)),
        _ => Err(format!("is not a number of seconds from 1 to {LONGEST}")),
    }
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    text.parse()
        .map_err(|_| "is not an address with a port such as 127.0.0.1:3000".to_owned())
}

/// CIDRs such as `10.0.0.0/8`, separated by commas.
pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    text.split(',')
        .map(|item| item.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32".to_owned())
}

/// A number of things; 0 is no limit.
pub(super) fn count(text: &str) -> Parsed<Option<u32>> {
    match text.parse() {
        Ok(0) => Ok(None),
        Ok(count) => Ok(Some(count)),
        Err(_) => Err("is not a number".to_owned()),
    }
}

pub(super) fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("is neither text nor json".to_owned()),
    }
}
