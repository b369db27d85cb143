//! Where people reach the bff. Redirect URI, post sign-out URI, cookie names and `Secure` all follow from this one setting,
//! never from a request.

use super::parse::{self, Parsed};
use shared::path;

/// An origin as browsers write it: scheme, host, and the port when it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        let url = parse::web_url(text)?;
        if url.path() != "/" {
            return Err("must be an origin such as https://app.example, without a path");
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Whether cookies are `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The value of an `Origin` header of our own pages.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// The redirect URI that the application registers.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}{}", self.0, path::CALLBACK)
    }

    /// The post sign-out redirect URI that the application registers.
    #[must_use]
    pub fn post_logout_redirect_uri(&self) -> String {
        format!("{}/", self.0)
    }
}
