//! Where people reach the bff. Redirect URI, post sign-out URI, cookie names and `Secure` all follow from this one setting,
//! never from a request.

use oidc_rp::openidconnect::{PostLogoutRedirectUrl, RedirectUrl};
use settings::parse::{Parsed, web_url};
use shared::path;
use url::Url;

/// An origin as browsers write it: scheme, host, and the port when it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    /// With the path `/`.
    url: Url,
}

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        let url = web_url(text)?;
        if url.path() != "/" {
            return Err("must be an origin such as https://app.example, without a path");
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self { origin, url })
    }

    /// Whether cookies are `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The value of an `Origin` header of our own pages.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether this origin, however it is written, is the same.
    pub(crate) fn is_at(&self, unverified_origin: &str) -> bool {
        Self::parse(unverified_origin).is_ok_and(|other| other == *self)
    }

    /// The port, which is the scheme's own if the setting names none.
    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// The redirect URI that the application registers.
    #[must_use]
    pub fn redirect_uri(&self) -> RedirectUrl {
        let mut url = self.url.clone();
        url.set_path(path::CALLBACK);
        RedirectUrl::from_url(url)
    }

    /// The post sign-out redirect URI that the application registers.
    #[must_use]
    pub fn post_logout_redirect_uri(&self) -> PostLogoutRedirectUrl {
        PostLogoutRedirectUrl::from_url(self.url.clone())
    }
}
