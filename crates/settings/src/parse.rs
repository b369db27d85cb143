//! Texts into types, one function for each kind of setting. An error completes a sentence that begins with the setting's
//! name, and never repeats its value.

use serde::de::DeserializeOwned;
use time::Duration;
use url::{Host, Url};

/// A value, or what is wrong with its text.
pub type Parsed<T> = Result<T, &'static str>;

/// Ten years, in seconds. A longer time is a typing error, and sums of times stay far from overflow.
const LONGEST: i64 = 10 * 365 * 86_400;

/// A text that somebody filled in.
///
/// # Errors
/// When it is empty, or a placeholder such as `<your-app-secret>`.
pub fn filled(text: &str) -> Parsed<String> {
    if text.starts_with('<') || text.starts_with("your-") || text.trim().is_empty() {
        return Err("is still a placeholder");
    }
    Ok(text.to_owned())
}

/// `true` or `false`.
///
/// # Errors
/// When it is something else.
pub fn boolean(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "is neither true nor false")
}

/// An http or https address; plain http only on this machine.
///
/// # Errors
/// When it is no such address.
pub fn web_url(text: &str) -> Parsed<Url> {
    let url = any_web_url(text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("must begin with https:// (plain http is for localhost only)");
    }
    Ok(url)
}

/// An http or https address; plain http may be spoken inside a private network.
///
/// # Errors
/// When it is no such address, or holds a user, a query or a fragment.
pub fn any_web_url(text: &str) -> Parsed<Url> {
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

/// Whether the address is on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// A time of at least a second.
///
/// # Errors
/// When it is not a whole number of seconds from 1 to ten years.
pub fn seconds(text: &str) -> Parsed<Duration> {
    match text.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::seconds(seconds)),
        _ => Err("is not a number of seconds from 1 to 315360000"),
    }
}

/// A limit; 0 is none.
///
/// # Errors
/// When it is not a number.
pub fn limit(text: &str) -> Parsed<Option<u32>> {
    match text.parse() {
        Ok(0) => Ok(None),
        Ok(limit) => Ok(Some(limit)),
        Err(_) => Err("is not a number"),
    }
}

/// The value that JSON writes as this text. `None` if there is none.
#[must_use]
pub fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}
