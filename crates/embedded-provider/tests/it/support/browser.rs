//! A browser that stores cookies by name and path and follows no redirects by itself.

use crate::support::{Answer, World};
use reqwest::{Client, Method, RequestBuilder, header, redirect::Policy};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

pub(crate) const CODE: &str = "/api/experience/verification/verification-code";

/// One person's browser.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    endpoint: Url,
    /// Value by name and path.
    pub(crate) cookies: BTreeMap<(String, String), String>,
}

impl Browser {
    pub(crate) fn new(endpoint: &str) -> Self {
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            endpoint: Url::parse(endpoint).unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser, with the same cookies, at another provider on the same data.
    pub(crate) fn at(&self, world: &World) -> Self {
        Self {
            endpoint: Url::parse(&world.endpoint).unwrap(),
            ..self.clone()
        }
    }

    pub(crate) async fn get(&mut self, address: &str) -> Answer {
        let request = self.request(Method::GET, address);
        self.send(request).await
    }

    /// Requests a page as a browser does.
    pub(crate) async fn visit(&mut self, address: &str, language: &str) -> Answer {
        let request = self
            .request(Method::GET, address)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, language);
        self.send(request).await
    }

    pub(crate) async fn post_form(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, address).form(fields);
        self.send(request).await
    }

    pub(crate) async fn json(&mut self, method: Method, address: &str, body: Value) -> Answer {
        let request = self.request(method, address).json(&body);
        self.send(request).await
    }

    pub(crate) async fn put(&mut self, address: &str, body: Value) -> Answer {
        self.json(Method::PUT, address, body).await
    }

    pub(crate) async fn post(&mut self, address: &str, body: Value) -> Answer {
        self.json(Method::POST, address, body).await
    }

    /// A request with the cookies for its address.
    pub(crate) fn request(&self, method: Method, address: &str) -> RequestBuilder {
        let url = self.endpoint.join(address).unwrap();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .rev() // longer paths first
            .filter(|((_, path), _)| url.path().starts_with(path.as_str()))
            .map(|((name, _), value)| format!("{name}={value}"))
            .collect();
        let request = self.client.request(method, url);
        if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        }
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Answer {
        let answer = Answer::of(request.send().await.unwrap()).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<&str> = parts.collect();
        let path = attributes
            .iter()
            .find_map(|attribute| attribute.strip_prefix("path="))
            .unwrap();
        let key = (name.to_owned(), path.to_owned());
        if attributes.contains(&"expires=Thu, 01 Jan 1970 00:00:00 GMT") {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&String> {
        self.cookies
            .iter()
            .find(|((known, _), _)| known == name)
            .map(|(_, value)| value)
    }

    /// Begins the experience and requests a code. Returns the verification id.
    pub(crate) async fn ask_for_code(&mut self, phone: &str, event: &str) -> String {
        let body = json!({"interactionEvent": event});
        assert_eq!(self.put("/api/experience", body).await.status, 204);
        let sent = self.post(CODE, send_body(phone, event)).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        sent.json()["verificationId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn verify(&mut self, phone: &str, id: &str, code: &str) -> Answer {
        let body = json!({"identifier": {"type": "phone", "value": phone}, "verificationId": id, "code": code});
        self.post(&format!("{CODE}/verify"), body).await
    }

    pub(crate) async fn identify(&mut self, id: &str) -> Answer {
        self.post(
            "/api/experience/identification",
            json!({"verificationId": id}),
        )
        .await
    }

    /// Verifies a number on the open page and registers it if it is new. Returns the address where the browser
    /// continues.
    pub(crate) async fn prove_phone(&mut self, world: &World, phone: &str) -> String {
        let id = self.ask_for_code(phone, "SignIn").await;
        let code = world.newest_code(phone);
        assert_eq!(self.verify(phone, &id, &code).await.status, 200);
        if self.identify(&id).await.status == 404 {
            let body = json!({"interactionEvent": "Register"});
            self.put("/api/experience/interaction-event", body).await;
            assert_eq!(self.identify(&id).await.status, 201);
        }
        let submitted = self.post("/api/experience/submit", json!({})).await;
        assert_eq!(submitted.status, 200, "{}", submitted.text);
        submitted.json()["redirectTo"].as_str().unwrap().to_owned()
    }

    /// Follows the provider's redirects until one to the client.
    pub(crate) async fn follow(&mut self, address: &str) -> Answer {
        let mut answer = self.get(address).await;
        while (300..400).contains(&answer.status) {
            let next = self.endpoint.join(answer.location()).unwrap();
            if next.origin() != self.endpoint.origin() {
                break;
            }
            answer = self.get(next.as_str()).await;
        }
        answer
    }

    /// Signs in. Returns the response that redirects to the client.
    pub(crate) async fn sign_in(&mut self, world: &World, request: &str, phone: &str) -> Answer {
        let page = self.follow(request).await;
        assert_eq!(page.status, 200, "{} {}", page.location(), page.text);
        let resume = self.prove_phone(world, phone).await;
        self.follow(&resume).await
    }
}

pub(crate) fn send_body(phone: &str, event: &str) -> Value {
    json!({"identifier": {"type": "phone", "value": phone}, "interactionEvent": event})
}
