//! A browser as far as a sign-in needs one: cookies by name and path, redirects one by one, and Logto's
//! Experience API as the provider's page uses it.

use super::TestApp;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::{Value, json};
use shared::AuthStatus;
use url::Url;

/// One person's browser. All servers of a story are at `localhost`, so they share its cookies, as they do in a
/// real browser.
#[derive(Clone)]
pub(crate) struct TestBrowser {
    http: reqwest::Client,
    base_url: String,
    pub(crate) cookies: Vec<Cookie>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) path: String,
    /// The whole `Set-Cookie` header.
    pub(crate) header: String,
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(LOCATION)
            .map(|location| location.to_str().unwrap())
            .unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl TestBrowser {
    pub(crate) fn new(base_url: String) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            base_url,
            cookies: Vec::new(),
        }
    }

    /// A request with this browser's cookies, and nothing that a browser adds by itself.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let url = Url::parse(&self.base_url).unwrap().join(url).unwrap();
        let mut request = self.http.request(method, url.clone()).body(body.to_owned());
        let cookies = self.cookie_header(url.path());
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        self.store_cookies(&headers);
        Answer {
            url,
            status,
            headers,
            body: answer.text().await.unwrap(),
        }
    }

    /// A script's GET.
    pub(crate) async fn fetch(&mut self, url: &str) -> Answer {
        let headers = [
            ("accept", "*/*"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::GET, url, &headers, "").await
    }

    /// A script's POST, as our own pages send it.
    pub(crate) async fn post(&mut self, url: &str, body: &str) -> Answer {
        let origin = self.base_url.clone();
        let headers = [
            ("x-csrf", "1"),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "cors"),
            (CONTENT_TYPE.as_str(), "application/json"),
        ];
        self.send(Method::POST, url, &headers, body).await
    }

    /// A visit without following where it leads.
    pub(crate) async fn visit(&mut self, url: &str) -> Answer {
        let headers = [
            ("accept", "text/html,*/*;q=0.8"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            ("sec-fetch-site", "none"),
        ];
        self.send(Method::GET, url, &headers, "").await
    }

    /// A visit, and on to where it leads.
    pub(crate) async fn go(&mut self, url: &str) -> Answer {
        let mut answer = self.visit(url).await;
        for _ in 0..10 {
            if !answer.status.is_redirection() {
                return answer;
            }
            let next = answer.url.join(answer.location()).unwrap();
            answer = self.visit(next.as_str()).await;
        }
        panic!("redirected ten times");
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

    /// From a page's Sign in button to where the browser ends up.
    pub(crate) async fn sign_in(&mut self, app: &TestApp, phone: &str, return_to: &str) -> Answer {
        let callback = self.sign_in_until_callback(app, phone, return_to).await;
        self.go(&callback).await
    }

    /// The same, up to the address of the callback.
    pub(crate) async fn sign_in_until_callback(
        &mut self,
        app: &TestApp,
        phone: &str,
        return_to: &str,
    ) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("returnTo", return_to)
            .finish();
        let page = self.go(&format!("/sign-in?{query}")).await;
        assert_eq!(
            (page.status, page.url.path()),
            (StatusCode::OK, "/sign-in"),
            "{}",
            page.body
        );
        let resume = self
            .prove_phone(app, page.url.join("/").unwrap().as_str(), phone)
            .await;

        let mut url = resume;
        while !url.starts_with(&format!("{}/callback", self.base_url)) {
            let answer = self.visit(&url).await;
            assert!(
                answer.status.is_redirection(),
                "{} {}",
                answer.status,
                answer.body
            );
            url = answer.url.join(answer.location()).unwrap().to_string();
        }
        url
    }

    /// Once more in a browser whose provider's session lives: no page is shown. Up to the address of the callback.
    pub(crate) async fn sign_in_until_callback_again(&mut self) -> String {
        let mut answer = self.visit("/sign-in").await;
        while !answer
            .location()
            .starts_with(&format!("{}/callback", self.base_url))
        {
            let next = answer.url.join(answer.location()).unwrap();
            answer = self.visit(next.as_str()).await;
            assert!(
                answer.status.is_redirection(),
                "{} {}",
                answer.status,
                answer.body
            );
        }
        answer.location().to_owned()
    }

    /// The provider's page: number, code, register when the number is new. Answers where to go on.
    async fn prove_phone(&mut self, app: &TestApp, provider: &str, phone: &str) -> String {
        let identifier = json!({"type": "phone", "value": phone});
        let api = |path: &str| format!("{provider}api/experience{path}");

        self.experience(
            Method::PUT,
            &api(""),
            &json!({"interactionEvent": "SignIn"}),
        )
        .await;
        let body = json!({"identifier": identifier, "interactionEvent": "SignIn"});
        let sent = self
            .experience(Method::POST, &api("/verification/verification-code"), &body)
            .await;
        let verification_id = sent.json()["verificationId"].clone();
        let code = app.code_for(phone);
        let body =
            json!({"identifier": identifier, "verificationId": verification_id, "code": code});
        self.experience(
            Method::POST,
            &api("/verification/verification-code/verify"),
            &body,
        )
        .await;

        let proof = json!({"verificationId": verification_id});
        if self
            .experience(Method::POST, &api("/identification"), &proof)
            .await
            .status
            == StatusCode::NOT_FOUND
        {
            self.experience(
                Method::PUT,
                &api("/interaction-event"),
                &json!({"interactionEvent": "Register"}),
            )
            .await;
            self.experience(Method::POST, &api("/identification"), &proof)
                .await;
        }
        let done = self
            .experience(Method::POST, &api("/submit"), &json!({}))
            .await;
        done.json()["redirectTo"]
            .as_str()
            .expect("redirectTo")
            .to_owned()
    }

    async fn experience(&mut self, method: Method, url: &str, body: &Value) -> Answer {
        self.send(
            method,
            url,
            &[(CONTENT_TYPE.as_str(), "application/json")],
            &body.to_string(),
        )
        .await
    }

    /// A cookie that somebody else put there.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        let (name, value, path) = (name.to_owned(), value.to_owned(), "/".to_owned());
        self.cookies.retain(|cookie| cookie.name != name);
        self.cookies.push(Cookie {
            name,
            value,
            path,
            header: String::new(),
        });
    }

    /// The session cookie's value.
    pub(crate) fn session_id(&self) -> Option<&str> {
        self.cookies
            .iter()
            .find(|cookie| cookie.name == "session")
            .map(|cookie| cookie.value.as_str())
    }

    fn cookie_header(&self, path: &str) -> String {
        let matching = self
            .cookies
            .iter()
            .filter(|cookie| path.starts_with(&cookie.path));
        matching
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn store_cookies(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let header = header.to_str().unwrap().to_owned();
            let mut attributes = header.split(';').map(str::trim);
            let (name, value) = attributes
                .next()
                .and_then(|pair| pair.split_once('='))
                .unwrap();
            let attributes: Vec<(&str, &str)> = attributes
                .map(|attribute| attribute.split_once('=').unwrap_or((attribute, "")))
                .collect();
            let attribute = |wanted: &str| {
                let found = attributes
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                found.map(|(_, value)| *value)
            };
            let path = attribute("path").unwrap_or("/").to_owned();
            let dead = attribute("max-age") == Some("0")
                || attribute("expires").is_some_and(|date| date.contains("01 Jan 1970"));
            self.cookies
                .retain(|cookie| cookie.name != name || cookie.path != path);
            if !dead {
                self.cookies.push(Cookie {
                    name: name.to_owned(),
                    value: value.to_owned(),
                    path,
                    header: header.clone(),
                });
            }
        }
    }
}
