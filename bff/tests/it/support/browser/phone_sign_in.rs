//! A whole sign-in and sign-out: the app's page, the provider's page with Logto's Experience API, and back.

use super::{Answer, Fetched, TestBrowser, next_of};
use crate::support::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

impl TestBrowser {
    /// From a page's Sign in button to where the browser ends up.
    pub(crate) async fn sign_in(&mut self, app: &TestApp, phone: &str, return_to: &str) -> Answer {
        let answer = self.prove_until_callback(app, phone, return_to).await;
        self.follow(answer).await
    }

    /// The same, up to the address of the callback.
    pub(crate) async fn sign_in_until_callback(
        &mut self,
        app: &TestApp,
        phone: &str,
        return_to: &str,
    ) -> String {
        next_of(&self.prove_until_callback(app, phone, return_to).await).into()
    }

    /// Once more in a browser whose provider's session lives: no page is shown. Up to the address of the callback.
    pub(crate) async fn sign_in_until_callback_again(&mut self) -> String {
        let answer = self.own_page().link("/sign-in").await;
        next_of(&self.follow_until_callback(answer).await).into()
    }

    /// From a page's Sign out button over the provider's page and back to the app.
    pub(crate) async fn sign_out(&mut self) -> Answer {
        let answer = self.own_page().form("/sign-out", "").await;
        let question = self.follow(answer).await;
        let field = |name: &str| {
            let (_, rest) = question
                .body
                .split_once(&format!("name=\"{name}\" value=\""))
                .unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("xsrf", &field("xsrf"))
            .append_pair("logout", "yes")
            .finish();
        let provider = question.url.to_string();
        let confirm = question.url.join("/oidc/session/end/confirm").unwrap();
        let answer = self.page(&provider).form(confirm.as_str(), &form).await;
        self.follow(answer).await
    }

    async fn prove_until_callback(
        &mut self,
        app: &TestApp,
        phone: &str,
        return_to: &str,
    ) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("returnTo", return_to)
            .finish();
        let answer = self.own_page().link(&format!("/sign-in?{query}")).await;
        let page = self.follow(answer).await;
        let provider = page.url.join("/").unwrap();
        let resume = self.prove_phone(app, provider.as_str(), phone).await;
        let answer = self.page(provider.as_str()).link(&resume).await;
        self.follow_until_callback(answer).await
    }

    /// The answer that leads to the callback.
    async fn follow_until_callback(&mut self, mut answer: Answer) -> Answer {
        let callback = self.address("/callback");
        loop {
            let (status, body) = (answer.status, &answer.body);
            assert!(status.is_redirection(), "{status} {body}");
            let next = next_of(&answer);
            if next.origin() == callback.origin() && next.path() == callback.path() {
                return answer;
            }
            answer = self.follow_once(answer).await;
        }
    }

    /// The provider's page: number, code, register when the number is new. Answers where to go on.
    async fn prove_phone(&mut self, app: &TestApp, provider: &str, phone: &str) -> String {
        let identifier = json!({"type": "phone", "value": phone});
        let mut experience = Experience {
            browser: self,
            provider,
        };
        experience
            .put("", &json!({"interactionEvent": "SignIn"}))
            .await;
        let body = json!({"identifier": identifier, "interactionEvent": "SignIn"});
        let sent = experience
            .post("/verification/verification-code", &body)
            .await;
        let id = sent.json()["verificationId"].clone();
        let code = app.code_for(phone);
        let body = json!({"identifier": identifier, "verificationId": id, "code": code});
        experience
            .post("/verification/verification-code/verify", &body)
            .await;

        let proof = json!({"verificationId": id});
        let found = experience.post("/identification", &proof).await;
        if found.status == StatusCode::NOT_FOUND {
            let register = json!({"interactionEvent": "Register"});
            experience.put("/interaction-event", &register).await;
            experience.post("/identification", &proof).await;
        }
        let done = experience.post("/submit", &json!({})).await;
        done.json()["redirectTo"]
            .as_str()
            .expect("redirectTo")
            .to_owned()
    }
}

/// The script of the provider's page.
struct Experience<'a> {
    browser: &'a mut TestBrowser,
    provider: &'a str,
}

impl Experience<'_> {
    async fn put(&mut self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, body).await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    async fn call(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("{}api/experience{path}", self.provider);
        let headers = [("content-type", "application/json")];
        let page = self.browser.page(self.provider);
        let fetched = page.fetch(method, &url, &headers, &body.to_string()).await;
        let Fetched::Read(answer) = fetched else {
            panic!("the provider's own page")
        };
        answer
    }
}
