//! A browser's cookies, kept and sent by the rules of RFC 6265bis (Cookies: HTTP State Management Mechanism).

mod cookie_date;
mod set_cookie;
mod tests;

use super::site::{belongs_to, host_of, is_public_suffix, is_secure};
use set_cookie::{SameSite, SetCookie};
use std::ops::Deref;
use time::OffsetDateTime;
use url::Url;

/// The cookies that a browser has.
#[derive(Clone, Debug, Default)]
pub(crate) struct CookieJar {
    cookies: Vec<Cookie>,
    /// Counts up; a cookie that was there earlier has a smaller number.
    age: u64,
}

/// One cookie. Its octets are kept as Latin-1, for they need not be UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) path: String,
    /// The whole `Set-Cookie` header.
    pub(crate) header: String,
    domain: String,
    host_only: bool,
    secure_only: bool,
    http_only: bool,
    same_site: SameSite,
    expires_at: Option<OffsetDateTime>,
    created: u64,
}

/// The request that a cookie comes or goes with.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) url: &'a Url,
    pub(crate) relation: Relation,
    pub(crate) by: By,
    pub(crate) now: OffsetDateTime,
}

/// How a request relates to the page that made it (RFC 6265bis, section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    SameSite,
    /// Another site led the whole window here, by a safe method.
    CrossSiteVisit,
    /// Another site led the whole window here, by a form's POST.
    CrossSiteForm,
    /// An image, a frame or a script's request of another site.
    CrossSitePart,
}

/// What sets or reads a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Http,
    /// `document.cookie`.
    Script,
}

/// Why a browser does not take a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    ControlCharacter,
    Empty,
    TooLarge,
    ForeignDomain,
    SecureOverPlainHttp,
    OverASecureCookie,
    HttpOnlyByScript,
    OverAnHttpOnlyCookie,
    SameSiteFromElsewhere,
    NoneWithoutSecure,
    SecurePrefix,
    HostPrefix,
    PrefixWithoutName,
}

impl CookieJar {
    /// Takes a `Set-Cookie` header, or not (section 5.7).
    pub(crate) fn store(&mut self, header: &str, with: &Exchange<'_>) -> Result<(), Refused> {
        let set = SetCookie::parse(header)?;
        let cookie = self.accept(set, header, with)?;
        if let Some(old) = self.cookies.iter().position(|old| old.is_same(&cookie)) {
            if with.by == By::Script && self.cookies[old].http_only {
                return Err(Refused::OverAnHttpOnlyCookie);
            }
            let created = self.cookies.remove(old).created;
            self.cookies.push(Cookie { created, ..cookie });
        } else {
            self.cookies.push(cookie);
        }
        self.forget_expired(with.now);
        Ok(())
    }

    /// A cookie that somebody put there who asks no browser.
    pub(crate) fn plant(&mut self, name: &str, value: &str, url: &Url) {
        self.cookies.retain(|cookie| cookie.name != name);
        self.age += 1;
        self.cookies.push(Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            header: String::new(),
            domain: host_of(url),
            host_only: true,
            secure_only: false,
            http_only: false,
            same_site: SameSite::None,
            expires_at: None,
            created: self.age,
        });
    }

    /// The `Cookie` header of a request (section 5.8.3): longer paths first, then who was there first.
    pub(crate) fn header_for(&mut self, with: &Exchange<'_>) -> String {
        self.forget_expired(with.now);
        let mut sent: Vec<&Cookie> = self.iter().filter(|cookie| cookie.goes(with)).collect();
        sent.sort_by_key(|cookie| (usize::MAX - cookie.path.len(), cookie.created));
        let pairs: Vec<_> = sent.iter().map(|cookie| cookie.pair()).collect();
        pairs.join("; ")
    }

    pub(crate) fn forget_expired(&mut self, now: OffsetDateTime) {
        self.cookies
            .retain(|cookie| cookie.expires_at.is_none_or(|end| end > now));
    }

    fn accept(
        &mut self,
        set: SetCookie,
        header: &str,
        with: &Exchange<'_>,
    ) -> Result<Cookie, Refused> {
        let host = host_of(with.url);
        let (domain, host_only) = domain_of(set.domain.as_deref(), &host)?;
        let path = set.path.clone();
        self.age += 1;
        let cookie = Cookie {
            expires_at: set.expires_at(with.now),
            path: path
                .clone()
                .unwrap_or_else(|| default_path(with.url.path())),
            name: set.name,
            value: set.value,
            header: header.to_owned(),
            domain,
            host_only,
            secure_only: set.secure,
            http_only: set.http_only,
            same_site: set.same_site,
            created: self.age,
        };
        self.check_secure(&cookie, with)?;
        if cookie.http_only && with.by == By::Script {
            return Err(Refused::HttpOnlyByScript);
        }
        check_same_site(&cookie, with)?;
        check_prefix(&cookie, path.as_deref())?;
        Ok(cookie)
    }

    /// `Secure` needs a secure connection, and what came over one is not replaced or hidden over another.
    fn check_secure(&self, new: &Cookie, with: &Exchange<'_>) -> Result<(), Refused> {
        if is_secure(with.url) {
            return Ok(());
        }
        if new.secure_only {
            return Err(Refused::SecureOverPlainHttp);
        }
        let overlays = self.iter().any(|old| {
            old.secure_only
                && old.name == new.name
                && (belongs_to(&old.domain, &new.domain) || belongs_to(&new.domain, &old.domain))
                && path_matches(&new.path, &old.path)
        });
        if overlays {
            return Err(Refused::OverASecureCookie);
        }
        Ok(())
    }
}

impl Deref for CookieJar {
    type Target = [Cookie];

    fn deref(&self) -> &[Cookie] {
        &self.cookies
    }
}

impl Cookie {
    /// Whether it is the same cookie with another value.
    fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.domain, self.host_only, &self.path)
            == (&other.name, &other.domain, other.host_only, &other.path)
    }

    /// Whether it is sent with a request (section 5.8.3, step 1).
    fn goes(&self, with: &Exchange<'_>) -> bool {
        let host = host_of(with.url);
        let at_home = if self.host_only {
            host == self.domain
        } else {
            belongs_to(&host, &self.domain)
        };
        let same_site = match with.relation {
            Relation::SameSite => true,
            Relation::CrossSiteVisit => self.same_site != SameSite::Strict,
            Relation::CrossSiteForm | Relation::CrossSitePart => self.same_site == SameSite::None,
        };
        at_home
            && path_matches(with.url.path(), &self.path)
            && (!self.secure_only || is_secure(with.url))
            && (!self.http_only || with.by == By::Http)
            && same_site
    }

    fn pair(&self) -> String {
        if self.name.is_empty() {
            self.value.clone()
        } else {
            format!("{}={}", self.name, self.value)
        }
    }
}

/// The domain that a cookie is for, and whether it is this host alone (section 5.7, steps 8 to 10).
fn domain_of(wished: Option<&str>, host: &str) -> Result<(String, bool), Refused> {
    match wished {
        None | Some("") => Ok((host.to_owned(), true)),
        Some(wished) if is_public_suffix(wished) && wished == host => Ok((host.to_owned(), true)),
        Some(wished) if is_public_suffix(wished) || !belongs_to(host, wished) => {
            Err(Refused::ForeignDomain)
        }
        Some(wished) => Ok((wished.to_owned(), false)),
    }
}

fn check_same_site(cookie: &Cookie, with: &Exchange<'_>) -> Result<(), Refused> {
    if cookie.same_site == SameSite::None {
        return if cookie.secure_only {
            Ok(())
        } else {
            Err(Refused::NoneWithoutSecure)
        };
    }
    if with.relation == Relation::CrossSitePart {
        return Err(Refused::SameSiteFromElsewhere);
    }
    Ok(())
}

/// What the prefixes promise (section 5.7, steps 20 to 22), in upper and lower case alike.
fn check_prefix(cookie: &Cookie, path_attribute: Option<&str>) -> Result<(), Refused> {
    let begins = |text: &str, prefix: &str| text.to_ascii_lowercase().starts_with(prefix);
    if cookie.name.is_empty()
        && (begins(&cookie.value, "__secure-") || begins(&cookie.value, "__host-"))
    {
        return Err(Refused::PrefixWithoutName);
    }
    if begins(&cookie.name, "__secure-") && !cookie.secure_only {
        return Err(Refused::SecurePrefix);
    }
    let is_of_this_host = cookie.secure_only && cookie.host_only && path_attribute == Some("/");
    if begins(&cookie.name, "__host-") && !is_of_this_host {
        return Err(Refused::HostPrefix);
    }
    Ok(())
}

/// The path of a cookie that names none (section 5.1.4).
fn default_path(request_path: &str) -> String {
    match request_path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(last) => request_path[..last].to_owned(),
    }
}

/// Section 5.1.4: the same, or a folder above.
fn path_matches(request_path: &str, cookie_path: &str) -> bool {
    request_path
        .strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}
