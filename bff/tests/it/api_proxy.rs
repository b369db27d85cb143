//! Calls of APIs through the bff, with tokens that the browser never sees.

use crate::support::{Endpoint, HostileApp, TestBrowser, at, nothing, refresh};
use axum::{Router, extract::Request, response::IntoResponse};
use http::StatusCode;
use serde_json::json;
use std::{
    fs,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use test_provider::Mutation;
use time::Duration;
use tokio::net::TcpListener;

/// An API that records the tokens of its requests, and refuses those on a list.
struct Api {
    tokens: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
}

impl Api {
    async fn start(route: &str) -> Self {
        let (tokens, refused) = (
            Arc::<Mutex<Vec<_>>>::default(),
            Arc::<Mutex<Vec<_>>>::default(),
        );
        let (record, refuse) = (tokens.clone(), refused.clone());
        let app = Router::new().fallback(async move |request: Request| {
            let token = request.headers().get("authorization");
            let token = token.map_or("", |token| token.to_str().unwrap());
            let token = token.trim_start_matches("Bearer ").to_owned();
            record.lock().unwrap().push(token.clone());
            if refuse.lock().unwrap().contains(&token) {
                return StatusCode::UNAUTHORIZED.into_response();
            }
            if let Some(status) = request.uri().path().strip_prefix("/v1/fails/") {
                let status: u16 = status.parse().unwrap();
                let body = axum::Json(json!({"of the API": status}));
                return (StatusCode::from_u16(status).unwrap(), body).into_response();
            }
            let has_cookie = request.headers().contains_key("cookie");
            format!("{} {} {has_cookie}", request.method(), request.uri()).into_response()
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[[routes]]\nname = \"books\"\nupstream = \"http://127.0.0.1:{port}/v1\"\nmethods = [\"GET\", \"POST\"]\n{route}"
        );
        fs::write(folder.path().join("routes.toml"), text).unwrap();
        Self {
            tokens,
            refused,
            folder,
        }
    }

    /// The bff with this API behind it, and a person who is signed in.
    async fn signed_in(&self, mutation: Mutation) -> (HostileApp, TestBrowser) {
        let routes = self.folder.path().join("routes.toml").display().to_string();
        let app = HostileApp::start_with(&[("API_ROUTES", &routes)], mutation).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        (app, browser)
    }

    fn tokens(&self) -> Vec<String> {
        std::mem::take(&mut self.tokens.lock().unwrap())
    }
}

const PERSON: &str = "token = \"user\"";
const RESOURCE: &str =
    "token = \"user\"\nresource = \"https://api.bookstore.example\"\nscopes = [\"read:books\"]";

/// What the provider grants for the API.
fn grants() -> Mutation {
    refresh(|tokens| tokens["scope"] = "read:books".into())
}

#[tokio::test]
async fn b171_an_api_gets_the_persons_token_and_no_cookie() {
    let api = Api::start(PERSON).await;
    let (_app, mut browser) = api.signed_in(nothing()).await;
    let answer = browser.fetch("/api/proxy/books/shelf/7?q=a%20b").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "GET /v1/shelf/7?q=a%20b false");
    assert_eq!(
        browser.fetch("/api/proxy/books").await.body,
        "GET /v1/ false"
    );
    assert_eq!(
        browser.post("/api/proxy/books/", "").await.body,
        "POST /v1/ false"
    );
    let tokens = api.tokens();
    assert_eq!(tokens.len(), 3);
    assert!(!tokens[0].is_empty() && tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn what_a_route_does_not_allow_never_reaches_the_api() {
    let api = Api::start(PERSON).await;
    let (app, mut browser) = api.signed_in(nothing()).await;
    let mut visitor = app.browser();
    assert_eq!(visitor.fetch("/api/proxy/books/7").await.status, 401);
    for (path, status) in [
        ("/api/proxy/others/7", 404),
        ("/api/proxy/books/%2e%2e/admin", 404),
        ("/api/proxy/books//7", 404),
        ("/api/proxy/", 404),
    ] {
        let answer = browser.fetch(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    let answer = browser.delete("/api/proxy/books/7").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, "GET, POST")
    );
    assert!(api.tokens().is_empty());
}

#[tokio::test]
async fn n15_a_page_of_another_site_cannot_call_an_api() {
    let api = Api::start(PERSON).await;
    let (_app, mut browser) = api.signed_in(nothing()).await;
    // A link, a bookmark, a page of another site: all are visits.
    let answer = browser.visit("/api/proxy/books/7").await;
    assert_eq!(answer.status, 403);
    assert!(api.tokens().is_empty());
}

#[tokio::test]
async fn a_token_for_an_api_resource_is_fetched_once_and_kept_beside_the_other() {
    let api = Api::start(RESOURCE).await;
    let (app, mut browser) = api.signed_in(grants()).await;
    for _ in 0..3 {
        assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    }
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    let tokens = api.tokens();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    // The provider's own token is another one, and still works.
    assert_eq!(app.user_info(&mut browser).await.status, 200);
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    // Each expires for itself.
    app.clock.advance(Duration::hours(2));
    assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    assert_ne!(api.tokens(), [tokens[0].clone()]);
}

#[tokio::test]
async fn many_calls_with_an_expired_token_refresh_once() {
    let api = Api::start(RESOURCE).await;
    let (app, mut browser) = api.signed_in(grants()).await;
    assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    app.clock.advance(Duration::hours(2));
    let calls = (0..40).map(|_| {
        let mut browser = browser.clone();
        tokio::spawn(async move { browser.fetch("/api/proxy/books/7").await.status })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    // The first call of all, one for the API, and one in the background for the claims.
    assert!(
        app.requests(Endpoint::Refresh) <= 3,
        "{}",
        app.requests(Endpoint::Refresh)
    );
}

#[tokio::test]
async fn a_token_that_the_api_refuses_is_renewed_once_unless_it_is_new() {
    let api = Api::start(RESOURCE).await;
    let (app, mut browser) = api.signed_in(grants()).await;
    assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    let first = api.tokens().remove(0);
    api.refused.lock().unwrap().push(first.clone());
    // An API that refuses every token causes no refresh at each call.
    for _ in 0..3 {
        assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 401);
    }
    assert_eq!(app.requests(Endpoint::Refresh), 1);
    api.tokens();

    app.clock.advance(Duration::minutes(1));
    assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    let tokens = api.tokens();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0], first);
    assert_ne!(tokens[1], first);
    assert_eq!(app.requests(Endpoint::Refresh), 2);
}

#[tokio::test]
async fn an_apis_own_errors_are_passed_on() {
    let api = Api::start(PERSON).await;
    let (_app, mut browser) = api.signed_in(nothing()).await;
    for status in [400, 404, 405, 413, 500, 504] {
        let answer = browser
            .fetch(&format!("/api/proxy/books/fails/{status}"))
            .await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body, format!("{{\"of the API\":{status}}}"));
    }
}

#[tokio::test]
async fn a_response_is_data_and_no_part_of_the_site() {
    let api = Api::start(PERSON).await;
    let (app, browser) = api.signed_in(nothing()).await;
    let ask = async |name: &str, value: &str| {
        let url = format!(
            "http://localhost:{}/api/proxy/books/7",
            app.address().port()
        );
        let request = reqwest::Client::builder().build().unwrap().get(url);
        let cookie = format!(
            "bff-{}-session={}",
            app.address().port(),
            browser.session_id().unwrap()
        );
        let request = request.header("cookie", cookie).header("x-csrf", "1");
        request.header(name, value).send().await.unwrap().status()
    };
    assert_eq!(ask("sec-fetch-dest", "empty").await, 200);
    for destination in [
        "script",
        "style",
        "iframe",
        "worker",
        "serviceworker",
        "object",
    ] {
        assert_eq!(
            ask("sec-fetch-dest", destination).await,
            403,
            "{destination}"
        );
    }
    // A name that was made to lead here: its pages are of their own origin, and have no `Origin` in a GET.
    assert_eq!(ask("host", "rebound.example").await, 403);
}

#[tokio::test]
async fn b162_a_token_with_fewer_scopes_or_none_is_403_and_the_session_lives() {
    for mutation in [
        refresh(|tokens| tokens["scope"] = "".into()),
        refresh(|tokens| tokens["scope"] = "write:books".into()),
        at(Endpoint::Refresh, |reply| {
            reply.status = 403;
            reply.json = json!({"error": "access_denied"});
            reply.id_token = None;
        }),
    ] {
        let api = Api::start(RESOURCE).await;
        let (_app, mut browser) = api.signed_in(mutation).await;
        let answer = browser.fetch("/api/proxy/books/7").await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (403, &json!("not_allowed"))
        );
        assert!(browser.sub().await.is_some());
        assert!(api.tokens().is_empty());
    }
}

#[tokio::test]
async fn a_rule_that_the_person_does_not_meet_is_403() {
    let api = Api::start(
        "token = \"user\"\nrequire = { any = [{ role = \"librarian\" }, { scope = \"admin\" }] }",
    )
    .await;
    let (_app, mut browser) = api.signed_in(nothing()).await;
    let answer = browser.fetch("/api/proxy/books/7").await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (403, &json!("not_allowed"))
    );
    assert!(api.tokens().is_empty());
}

#[tokio::test]
async fn calls_keep_a_session_alive_and_the_status_does_not() {
    let api = Api::start(PERSON).await;
    let (app, mut browser) = api.signed_in(nothing()).await;
    for _ in 0..4 {
        app.clock.advance(Duration::hours(20));
        assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 200);
    }
    for _ in 0..2 {
        app.clock.advance(Duration::hours(20));
        browser.fetch("/api/auth/status").await;
    }
    assert_eq!(browser.fetch("/api/proxy/books/7").await.status, 401);
}
