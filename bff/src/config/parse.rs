//! Texts into the bff's own types; `settings::parse` has the common ones. An error completes a sentence that begins with the
//! setting's name, and never repeats its value.

use ipnet::IpNet;
use oidc_rp::openidconnect::{IssuerUrl, Scope, core::CoreJwsSigningAlgorithm};
use session_store::{Address, AddressError};
use settings::parse::{Parsed, named, web_url};
use shared::Prompt;
use std::time::Duration;
use url::Url;

/// Signatures by keys that only the provider has: no `none`, and no HMAC with the client secret.
const ALGORITHMS: [&str; 9] = [
    "ES256", "ES384", "EdDSA", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
];

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

/// At most ten minutes: orchestrators kill a program that takes longer to stop.
pub(super) fn delay(text: &str) -> Parsed<Duration> {
    match text.parse() {
        Ok(seconds @ 0..=600) => Ok(Duration::from_secs(seconds)),
        _ => Err("is not a number of seconds from 0 to 600"),
    }
}

/// CIDRs such as `10.0.0.0/8`, separated by commas.
pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    let networks = text.split(',').map(|network| network.trim().parse());
    networks
        .collect::<Result<_, _>>()
        .map_err(|_| "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32")
}
