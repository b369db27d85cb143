//! A page that is open in the browser, of the app or of anybody: links, forms, images, frames and scripts.

use super::{Answer, Journey, TestBrowser, journey::Kind};
use crate::support::cookie_jar::{By, CookieJar, Exchange, Refused, Relation};
use reqwest::{Method, header::HeaderMap};
use time::OffsetDateTime;
use url::Url;

/// An open page. Its relative addresses are the app's, to keep stories short.
pub(crate) struct Page<'a> {
    browser: &'a mut TestBrowser,
    url: Url,
}

/// What became of a script's request (Fetch, CORS protocol).
pub(crate) enum Fetched {
    /// The browser asked first, and was not allowed to send it.
    NotSent(Answer),
    /// It was sent, but the script may not read the answer.
    Unreadable(Answer),
    Read(Answer),
}

impl TestBrowser {
    pub(crate) fn page(&mut self, url: &str) -> Page<'_> {
        Page {
            url: self.address(url),
            browser: self,
        }
    }

    pub(crate) fn own_page(&mut self) -> Page<'_> {
        self.page("/")
    }
}

impl Page<'_> {
    /// A click on a link, without following where it leads.
    pub(crate) async fn link(self, url: &str) -> Answer {
        self.load(Method::GET, url, Kind::Window, "").await
    }

    /// A form that is sent by POST, by a person or by itself.
    pub(crate) async fn form(self, url: &str, body: &str) -> Answer {
        self.load(Method::POST, url, Kind::Window, body).await
    }

    pub(crate) async fn image(self, url: &str) -> Answer {
        self.load(Method::GET, url, Kind::Image, "").await
    }

    pub(crate) async fn frame(self, url: &str) -> Answer {
        self.load(Method::GET, url, Kind::Frame, "").await
    }

    async fn load(self, method: Method, url: &str, kind: Kind, body: &str) -> Answer {
        let url = self.browser.address(url);
        let journey = Journey::of_a_page(&self.url, kind, &url);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let headers: &[_] = if method == Method::POST { &form } else { &[] };
        self.browser
            .request(method, url, journey, headers, body)
            .await
    }

    /// A script's request with credentials.
    pub(crate) async fn fetch(
        self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Fetched {
        let url = self.browser.address(url);
        let origin = self.url.origin().ascii_serialization();
        let crosses = url.origin() != self.url.origin();
        if crosses && needs_leave(&method, headers) {
            let answer = self.ask_first(&method, &url, headers).await;
            if !(allows_reading(&answer.headers, &origin)
                && allows_sending(&answer.headers, &method, headers))
            {
                return Fetched::NotSent(answer);
            }
        }
        let journey = Journey::of_a_page(&self.url, Kind::Script, &url);
        let request = self.browser.request(method, url, journey, headers, body);
        let answer = request.await;
        if crosses && !allows_reading(&answer.headers, &origin) {
            Fetched::Unreadable(answer)
        } else {
            Fetched::Read(answer)
        }
    }

    /// The preflight: without cookies (Fetch, section 4.8).
    async fn ask_first(&self, method: &Method, url: &Url, headers: &[(&str, &str)]) -> Answer {
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let asked = [
            ("access-control-request-method", method.as_str()),
            ("access-control-request-headers", &names.join(",")),
        ];
        let journey = Journey::of_a_page(&self.url, Kind::Script, url);
        let mut stranger = self.browser.clone();
        stranger.cookies = CookieJar::default();
        stranger
            .request(Method::OPTIONS, url.clone(), journey, &asked, "")
            .await
    }

    /// `document.cookie`.
    pub(crate) fn script_cookies(self) -> String {
        let exchange = by_script(&self.url, self.browser.clock.now());
        self.browser.cookies.header_for(&exchange)
    }

    /// `document.cookie = text`.
    pub(crate) fn set_cookie_by_script(self, text: &str) -> Result<(), Refused> {
        let exchange = by_script(&self.url, self.browser.clock.now());
        self.browser.cookies.store(text, &exchange)
    }
}

fn by_script(url: &Url, now: OffsetDateTime) -> Exchange<'_> {
    Exchange {
        url,
        relation: Relation::SameSite,
        by: By::Script,
        now,
    }
}

impl Fetched {
    /// The answer, if the request reached the server.
    pub(crate) fn sent(self) -> Answer {
        match self {
            Self::Read(answer) | Self::Unreadable(answer) => answer,
            Self::NotSent(answer) => panic!("not sent: {}", answer.url),
        }
    }
}

/// Whether this is more than a form could send (CORS-safelisted method and headers).
fn needs_leave(method: &Method, headers: &[(&str, &str)]) -> bool {
    const OF_FORMS: [&str; 3] = [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    ];
    let is_safelisted = |(name, value): &(&str, &str)| match *name {
        "accept" | "accept-language" => true,
        "content-type" => OF_FORMS.contains(value),
        _ => false,
    };
    !matches!(*method, Method::GET | Method::HEAD | Method::POST)
        || !headers.iter().all(is_safelisted)
}

/// The CORS check for a request with credentials: a star is not enough.
fn allows_reading(answer: &HeaderMap, origin: &str) -> bool {
    let is = |name: &str, value: &str| answer.get(name).is_some_and(|given| given == value);
    is("access-control-allow-origin", origin) && is("access-control-allow-credentials", "true")
}

fn allows_sending(answer: &HeaderMap, method: &Method, headers: &[(&str, &str)]) -> bool {
    let lists = |name: &str, wanted: &str| {
        let list = answer.get(name).and_then(|list| list.to_str().ok());
        list.is_some_and(|list| {
            list.split(',')
                .any(|one| one.trim().eq_ignore_ascii_case(wanted))
        })
    };
    lists("access-control-allow-methods", method.as_str())
        && headers
            .iter()
            .all(|(name, _)| lists("access-control-allow-headers", name))
}
