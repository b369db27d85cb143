//! Reading a `Set-Cookie` header (RFC 6265bis, section 5.6).

use super::{Refused, cookie_date};
use time::{Duration, OffsetDateTime};

/// Octets of name and value together.
const LARGEST: usize = 4_096;
/// Octets of an attribute's value; a longer one does not count.
const LARGEST_ATTRIBUTE: usize = 1_024;
/// No cookie lives longer.
const LONGEST: Duration = Duration::days(400);

/// What a header says, before the rules for keeping it.
#[derive(Debug)]
pub(super) struct SetCookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) domain: Option<String>,
    pub(super) path: Option<String>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
    expires: Option<OffsetDateTime>,
    max_age: Option<i64>,
}

/// When other sites' requests carry a cookie. One that does not say is `Lax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SameSite {
    None,
    Lax,
    Strict,
}

impl SetCookie {
    pub(super) fn parse(header: &str) -> Result<Self, Refused> {
        if header.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return Err(Refused::ControlCharacter);
        }
        let mut parts = header.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (trim(name), trim(value));
        if name.is_empty() && value.is_empty() {
            return Err(Refused::Empty);
        }
        // A tab inside is a control character of the pair all the same (section 5.7, step 3).
        if name.contains('\t') || value.contains('\t') {
            return Err(Refused::ControlCharacter);
        }
        if octets(name) + octets(value) > LARGEST {
            return Err(Refused::TooLarge);
        }
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            domain: None,
            path: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Lax,
            expires: None,
            max_age: None,
        };
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            cookie.read_attribute(&trim(name).to_ascii_lowercase(), trim(value));
        }
        Ok(cookie)
    }

    /// The last of several attributes with one name counts.
    fn read_attribute(&mut self, name: &str, value: &str) {
        if octets(value) > LARGEST_ATTRIBUTE {
            return;
        }
        match name {
            "expires" => self.expires = cookie_date::parse(value).or(self.expires),
            "max-age" => self.max_age = seconds(value).or(self.max_age),
            "domain" => {
                let domain = value.strip_prefix('.').unwrap_or(value);
                self.domain = Some(domain.to_ascii_lowercase());
            }
            "path" => self.path = Some(value.to_owned()).filter(|path| path.starts_with('/')),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "samesite" => {
                self.same_site = match value.to_ascii_lowercase().as_str() {
                    "none" => SameSite::None,
                    "strict" => SameSite::Strict,
                    _ => SameSite::Lax,
                }
            }
            _ => {}
        }
    }

    /// `Max-Age` counts before `Expires`; with neither the cookie lives as long as the browser is open.
    pub(super) fn expires_at(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        match self.max_age {
            Some(seconds) if seconds <= 0 => Some(OffsetDateTime::UNIX_EPOCH),
            Some(seconds) => Some(now + Duration::seconds(seconds).min(LONGEST)),
            None => self.expires.map(|end| end.min(now + LONGEST)),
        }
    }
}

/// An optional minus and digits; anything else does not count.
fn seconds(value: &str) -> Option<i64> {
    let (is_negative, digits) = value
        .strip_prefix('-')
        .map_or((false, value), |digits| (true, digits));
    if value.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX);
    Some(if is_negative { -size } else { size })
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// A character stands for an octet.
fn octets(text: &str) -> usize {
    text.chars().count()
}
