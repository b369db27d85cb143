//! A browser without a screen: it signs in through the provider, and then is its session cookie.

use crate::provider::Provider;
use axum::body::Bytes;
use reqwest::{
    Client, Method, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use std::{fmt, time::Duration};
use test_provider::{PERSON, PROVIDER_SESSION};
use url::{Position, Url, form_urlencoded};

/// Longer than the bff takes for any answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a browser sends when a person follows a link.
pub(crate) const NAVIGATION: [(&str, &str); 2] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

/// Who signs in, and in which session of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whom {
    pub(crate) sub: String,
    pub(crate) sid: String,
}

/// A browser that is signed in, or was.
pub(crate) struct TestBrowser {
    http: Http,
    /// Name and value. It is kept whatever the bff says: a browser that was signed out tries it again.
    cookie: String,
}

/// Makes requests to servers on the loopback interface.
#[derive(Clone)]
pub(crate) struct Http(Client);

/// An answer that came whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Nobody listens: nothing was done.
    NotReached,
    /// The connection ended before the whole answer was here: what was done is not known.
    BrokenOff,
}

/// Why a sign-in was not acknowledged.
pub(crate) enum NotSignedIn {
    NoAnswer,
    /// What was answered instead.
    Answered(String),
}

impl Http {
    /// One that opens a connection for each request, so that a request on a connection whose server was killed is
    /// [`NoAnswer::NotReached`].
    pub(crate) fn without_keep_alive() -> reqwest::Result<Self> {
        Self::with_idle_connections(0)
    }

    /// One that keeps so many idle connections to a server.
    pub(crate) fn with_idle_connections(count: usize) -> reqwest::Result<Self> {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .pool_max_idle_per_host(count);
        client.build().map(Self)
    }

    /// Asks the server at this port. The bff is behind one name, whatever its port.
    pub(crate) async fn ask(
        &self,
        port: u16,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        let url = format!("http://127.0.0.1:{port}{target}");
        let mut request = self.0.request(method, url).header(HOST, "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.to_owned()).send().await;
        let response = response.map_err(|error| {
            if error.is_connect() {
                NoAnswer::NotReached
            } else {
                NoAnswer::BrokenOff
            }
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|_| NoAnswer::BrokenOff)?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// Posts a form as a provider does.
    pub(crate) async fn post_form(
        &self,
        port: u16,
        target: &str,
        form: &str,
    ) -> Result<Answer, NoAnswer> {
        let headers = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")];
        self.ask(port, Method::POST, target, &headers, form).await
    }

    async fn navigate(
        &self,
        port: u16,
        target: &str,
        further: &[(&str, &str)],
    ) -> Result<Answer, NoAnswer> {
        let headers = [&NAVIGATION, further].concat();
        self.ask(port, Method::GET, target, &headers, "").await
    }
}

impl Answer {
    /// The cookies that are set, not removed: name and value.
    fn cookies(&self) -> impl Iterator<Item = &str> {
        let values = self.headers.get_all(SET_COOKIE).into_iter();
        values
            .filter_map(|value| value.to_str().ok()?.split_once(';'))
            .map(|(pair, _)| pair)
            .filter(|pair| !pair.ends_with('='))
    }

    fn location(&self) -> &str {
        let location = self.headers.get(LOCATION);
        location
            .and_then(|location| location.to_str().ok())
            .unwrap_or_default()
    }

    /// Path and query of where the answer leads: to which port is the caller's to know.
    fn leads_to(&self) -> Result<String, NotSignedIn> {
        let url = Url::parse(self.location()).map_err(|_| self.unexpected())?;
        Ok(url[Position::BeforePath..].to_owned())
    }

    fn unexpected(&self) -> NotSignedIn {
        NotSignedIn::Answered(format!("{} {}", self.status, self.location()))
    }
}

impl TestBrowser {
    /// Signs in, by one instance of the bff until the provider and by one, perhaps another, from there on.
    pub(crate) async fn sign_in(
        http: &Http,
        [first, second]: [u16; 2],
        provider: &Provider,
        whom: &Whom,
    ) -> Result<Self, NotSignedIn> {
        let begun = http.navigate(first, "/sign-in", &[]).await?;
        let pending = begun.cookies().next().ok_or_else(|| begun.unexpected())?;
        let whom = form_urlencoded::Serializer::new(String::new())
            .append_pair(PERSON, &whom.sub)
            .append_pair(PROVIDER_SESSION, &whom.sid)
            .finish();
        let at_provider = format!("{}&{whom}", begun.leads_to()?);
        let granted = http.navigate(provider.port, &at_provider, &[]).await?;
        let callback = granted.leads_to()?;
        let ended = http
            .navigate(second, &callback, &[(COOKIE.as_str(), pending)])
            .await?;
        let session = ended.cookies().find(|pair| pair.contains("session="));
        Ok(Self {
            http: http.clone(),
            cookie: session.ok_or_else(|| ended.unexpected())?.to_owned(),
        })
    }

    /// Name and value of the session cookie.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) async fn get(&self, port: u16, target: &str) -> Result<Answer, NoAnswer> {
        self.ask(port, Method::GET, target, "").await
    }

    /// Posts as our own page does.
    pub(crate) async fn post(
        &self,
        port: u16,
        target: &str,
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        self.ask(port, Method::POST, target, body).await
    }

    /// Visits a page.
    pub(crate) async fn visit(&self, port: u16, target: &str) -> Result<Answer, NoAnswer> {
        let cookie = [(COOKIE.as_str(), self.cookie.as_str())];
        self.http.navigate(port, target, &cookie).await
    }

    async fn ask(
        &self,
        port: u16,
        method: Method,
        target: &str,
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        let headers = [(COOKIE.as_str(), self.cookie.as_str()), ("x-csrf", "1")];
        self.http.ask(port, method, target, &headers, body).await
    }
}

impl From<NoAnswer> for NotSignedIn {
    fn from(_: NoAnswer) -> Self {
        Self::NoAnswer
    }
}

impl fmt::Display for NotSignedIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => formatter.write_str("no answer"),
            Self::Answered(what) => formatter.write_str(what),
        }
    }
}

#[cfg(test)]
impl TestBrowser {
    /// One with this cookie.
    pub(crate) fn of(cookie: &str) -> Self {
        let (http, cookie) = (Http::without_keep_alive().unwrap(), cookie.to_owned());
        Self { http, cookie }
    }
}
