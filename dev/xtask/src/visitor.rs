//! A browser without a screen: it signs in through the instant provider, and then is its session cookie.

use crate::http::{
    client::{NoAnswer, Question},
    message::Message,
};
use std::fmt;
use url::form_urlencoded;

/// What a browser says when a person follows a link.
const NAVIGATION: [(&str, &str); 2] = [
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Dest", "document"),
];

/// Who signs in, and in which session of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whom {
    pub(crate) sub: String,
    pub(crate) sid: String,
}

/// A browser that is signed in, or was.
pub(crate) struct Visitor {
    /// Name and value. It is kept whatever the bff says: who was signed out tries it again.
    cookie: String,
}

/// Why a sign-in was not acknowledged.
pub(crate) enum NotSignedIn {
    NoAnswer,
    /// What was answered instead.
    Answered(String),
}

impl From<NoAnswer> for NotSignedIn {
    fn from(_: NoAnswer) -> Self {
        Self::NoAnswer
    }
}

impl Visitor {
    /// Signs in, by one instance of the bff until the provider and by one, perhaps another, from there on.
    pub(crate) fn sign_in(
        [first, second]: [u16; 2],
        provider: u16,
        whom: &Whom,
    ) -> Result<Self, NotSignedIn> {
        let begun = navigate(first, "/sign-in", &[])?;
        let pending = begun.all("set-cookie").find_map(pair);
        let pending = pending.ok_or_else(|| unexpected(&begun))?;
        let whom = form_urlencoded::Serializer::new(String::new())
            .append_pair("person", &whom.sub)
            .append_pair("provider_session", &whom.sid)
            .finish();
        let at_provider = format!("{}&{whom}", led_to(&begun)?);
        let granted = navigate(provider, &at_provider, &[])?;
        let callback = led_to(&granted)?;
        let ended = navigate(second, &callback, &[("Cookie", pending)])?;
        let mut given = ended.all("set-cookie").filter_map(pair);
        let session = given.find(|pair| pair.starts_with("session="));
        let cookie = session.ok_or_else(|| unexpected(&ended))?.to_owned();
        Ok(Self { cookie })
    }

    /// Name and value of the session cookie.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) fn get(&self, port: u16, target: &str) -> Result<Message, NoAnswer> {
        self.ask(port, "GET", target, "")
    }

    /// Posts as our own page does.
    pub(crate) fn post(&self, port: u16, target: &str, body: &str) -> Result<Message, NoAnswer> {
        self.ask(port, "POST", target, body)
    }

    /// Visits a page.
    pub(crate) fn visit(&self, port: u16, target: &str) -> Result<Message, NoAnswer> {
        navigate(port, target, &[("Cookie", &self.cookie)])
    }

    fn ask(
        &self,
        port: u16,
        method: &'static str,
        target: &str,
        body: &str,
    ) -> Result<Message, NoAnswer> {
        let headers = [("Cookie", self.cookie.as_str()), ("X-CSRF", "1")];
        Question {
            method,
            target,
            headers: &headers,
            body,
        }
        .ask(port)
    }
}

fn navigate(port: u16, target: &str, further: &[(&str, &str)]) -> Result<Message, NoAnswer> {
    Question {
        method: "GET",
        target,
        headers: &[&NAVIGATION, further].concat(),
        body: "",
    }
    .ask(port)
}

/// Name and value of a cookie that is set, not removed.
fn pair(set_cookie: &str) -> Option<&str> {
    let (pair, _) = set_cookie.split_once(';')?;
    (!pair.ends_with('=')).then_some(pair)
}

/// Path and query of where an answer leads: to which port is the caller's to know.
fn led_to(answer: &Message) -> Result<String, NotSignedIn> {
    let location = answer.header("location");
    let url = location.and_then(|location| url::Url::parse(location).ok());
    let url = url.ok_or_else(|| unexpected(answer))?;
    Ok(url[url::Position::BeforePath..].to_owned())
}

fn unexpected(answer: &Message) -> NotSignedIn {
    let location = answer.header("location").unwrap_or_default();
    NotSignedIn::Answered(format!("{} {location}", answer.first_line))
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
impl Visitor {
    /// One with this cookie.
    pub(crate) fn of(cookie: &str) -> Self {
        let cookie = cookie.to_owned();
        Self { cookie }
    }
}
