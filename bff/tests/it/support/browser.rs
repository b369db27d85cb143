//! An honest browser: cookies by RFC 6265bis, addresses by the WHATWG URL Standard, redirects one by one, and the
//! headers that no page can change. What no browser does is in `browser/liar.rs`.

mod journey;
mod liar;
mod page;
mod phone_sign_in;

pub(crate) use journey::Journey;
pub(crate) use page::Fetched;

use super::{
    Answer,
    address::resolve,
    cookie_jar::{By, CookieJar, Exchange, Refused, Relation},
    network::Network,
};
use clock::Clock;
use reqwest::{
    Method, Response,
    header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, USER_AGENT},
};
use shared::AuthStatus;
use url::Url;

/// As many as browsers follow.
const MOST_REDIRECTS: usize = 20;

/// One person's browser. Servers at `localhost` share its cookies, whatever their port, as they do in real ones.
#[derive(Clone)]
pub(crate) struct TestBrowser {
    network: Network,
    home: Url,
    /// What it calls itself.
    pub(crate) user_agent: Option<&'static str>,
    pub(crate) cookies: CookieJar,
    /// The browser's own clock. It stands until a story moves it, so that a cookie is there to be sent when the
    /// server must refuse it.
    pub(crate) clock: Clock,
    /// Every answer that it got.
    pub(crate) history: Vec<Answer>,
}

impl TestBrowser {
    /// A browser whose relative addresses are of the app at `base_url`.
    pub(crate) fn new(base_url: String) -> Self {
        Self::on(Network::local(), &base_url)
    }

    /// The app is at `public` (https), where TLS ends before the request comes to `listener`.
    pub(crate) fn behind_tls(public: &str, listener: &str) -> Self {
        let network = Network::with_tls_at(public.parse().unwrap(), listener.parse().unwrap());
        Self::on(network, public)
    }

    /// The same person and cookies, led to another listener by whatever stands before the two.
    pub(crate) fn led_to(&self, listener: &str) -> Self {
        Self {
            network: Network::with_tls_at(self.home.clone(), listener.parse().unwrap()),
            ..self.clone()
        }
    }

    fn on(network: Network, home: &str) -> Self {
        Self {
            network,
            home: home.parse().unwrap(),
            user_agent: None,
            cookies: CookieJar::default(),
            clock: Clock::stopped_at(Clock::system().now()),
            history: Vec::new(),
        }
    }

    /// A person goes to an address, but not on to where it leads.
    pub(crate) async fn visit(&mut self, url: &str) -> Answer {
        let url = self.address(url);
        let journey = Journey::of_a_person(&url);
        self.request(Method::GET, url, journey, &[], "").await
    }

    /// A person goes to an address, and on to where it leads.
    pub(crate) async fn go(&mut self, url: &str) -> Answer {
        let answer = self.visit(url).await;
        self.follow(answer).await
    }

    /// On to where an answer leads, and all answers after it.
    pub(crate) async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..MOST_REDIRECTS {
            if !answer.status.is_redirection() {
                return answer;
            }
            answer = self.follow_once(answer).await;
        }
        panic!("redirected {MOST_REDIRECTS} times");
    }

    /// One redirect further: with GET, for nobody here asks for a method to be kept.
    pub(crate) async fn follow_once(&mut self, answer: Answer) -> Answer {
        let next = next_of(&answer);
        let keeps_method = matches!(answer.status.as_u16(), 307 | 308);
        assert!(!keeps_method || answer.method.is_safe(), "{}", answer.url);
        let journey = answer.journey.on_to(&next);
        self.request(Method::GET, next, journey, &[], "").await
    }

    /// A GET by a script of the app's own page.
    pub(crate) async fn fetch(&mut self, url: &str) -> Answer {
        self.own_page()
            .fetch(Method::GET, url, &[], "")
            .await
            .sent()
    }

    /// A DELETE by a script of the app's own page.
    pub(crate) async fn delete(&mut self, url: &str) -> Answer {
        let headers = [("x-csrf", "1")];
        let fetched = self.own_page().fetch(Method::DELETE, url, &headers, "");
        fetched.await.sent()
    }

    /// A POST by a script of the app's own page, as the frontend sends it.
    pub(crate) async fn post(&mut self, url: &str, body: &str) -> Answer {
        let headers = [("x-csrf", "1"), ("content-type", "application/json")];
        let fetched = self.own_page().fetch(Method::POST, url, &headers, body);
        fetched.await.sent()
    }

    pub(crate) async fn status(&mut self) -> AuthStatus {
        serde_json::from_str(&self.fetch("/api/auth/status").await.body).unwrap()
    }

    /// The `sub` of who is signed in.
    pub(crate) async fn sub(&mut self) -> Option<String> {
        match self.status().await {
            AuthStatus::SignedIn { claims, .. } => Some(claims.sub),
            AuthStatus::SignedOut => None,
        }
    }

    /// The session cookie's value, whatever its prefix.
    pub(crate) fn session_id(&self) -> Option<&str> {
        let name = match (self.home.scheme(), self.home.port_or_known_default()) {
            ("http", Some(port)) => format!("bff-{port}-session"),
            _ => "__Host-session".to_owned(),
        };
        let mut cookies = self.cookies.iter();
        let cookie = cookies.find(|cookie| cookie.name == name);
        cookie.map(|cookie| cookie.value.as_str())
    }

    /// The person visits another address, whose answer sets a cookie.
    pub(crate) fn visit_that_sets(&mut self, url: &str, set_cookie: &str) -> Result<(), Refused> {
        let (url, now) = (self.address(url), self.clock.now());
        let exchange = Exchange {
            url: &url,
            relation: Relation::SameSite,
            by: By::Http,
            now,
        };
        self.cookies.store(set_cookie, &exchange)
    }

    fn address(&self, url: &str) -> Url {
        resolve(&self.home, url).unwrap()
    }

    async fn request(
        &mut self,
        method: Method,
        url: Url,
        journey: Journey,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            insert(&mut all, name, value);
        }
        for (name, value) in journey.headers(&method, &url) {
            insert(&mut all, name, &value);
        }
        let relation = journey.relation(&method);
        self.exchange(method, url, journey, relation, all, body)
            .await
    }

    /// A script of the app's own page asks for what does not end.
    pub(super) async fn open_stream(&mut self, url: &str) -> Response {
        let url = self.address(url);
        let cookies = self.cookies.header_for(&Exchange {
            url: &url,
            relation: Relation::SameSite,
            by: By::Http,
            now: self.clock.now(),
        });
        let mut headers = HeaderMap::new();
        insert(&mut headers, COOKIE.as_str(), &cookies);
        self.network.send(Method::GET, &url, headers, "").await
    }

    /// Sends with the cookies that go there, and keeps the cookies that come back.
    async fn exchange(
        &mut self,
        method: Method,
        url: Url,
        journey: Journey,
        relation: Relation,
        mut headers: HeaderMap,
        body: &str,
    ) -> Answer {
        let exchange = Exchange {
            url: &url,
            relation,
            by: By::Http,
            now: self.clock.now(),
        };
        let cookies = self.cookies.header_for(&exchange);
        if !cookies.is_empty() {
            headers.append(COOKIE, HeaderValue::from_bytes(&octets(&cookies)).unwrap());
        }
        if let Some(name) = self.user_agent {
            insert(&mut headers, USER_AGENT.as_str(), name);
        }
        let answer = self.network.send(method.clone(), &url, headers, body).await;
        let (status, headers) = (answer.status(), answer.headers().clone());
        for header in headers.get_all(SET_COOKIE) {
            // A browser says nothing about a cookie that it does not take.
            let _ = self.cookies.store(&latin1(header.as_bytes()), &exchange);
        }
        let answer = Answer {
            status,
            headers,
            body: answer.text().await.unwrap(),
            method,
            journey,
            url,
        };
        self.history.push(answer.clone());
        answer
    }
}

/// Where an answer leads. The fragment stays when the new address has none (Fetch, "location URL").
fn next_of(answer: &Answer) -> Url {
    let mut next = resolve(&answer.url, answer.location()).expect("a place to go");
    if next.fragment().is_none() {
        next.set_fragment(answer.url.fragment());
    }
    next
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    headers.insert(name.parse::<HeaderName>().unwrap(), value);
}

/// Octets as characters, and back.
fn latin1(octets: &[u8]) -> String {
    octets.iter().map(|&octet| char::from(octet)).collect()
}

fn octets(text: &str) -> Vec<u8> {
    let octets = text
        .chars()
        .map(|character| u8::try_from(character).unwrap());
    octets.collect()
}
