use crate::api::{Api, Tokens, forward, text};
use api_proxy::ForwardError;
use axum::{body::Body, response::IntoResponse};
use http::{Method, Request, StatusCode};

const USER: &str = "token = \"user\"";

#[tokio::test]
async fn b169_an_api_sees_what_the_list_names_and_what_the_caller_decides() {
    let api = Api::recording(|_| "books".into_response()).await;
    let routes = api.routes("token = \"user\"\nheaders = [\"X-Shelf\"]");
    let request = Request::get("/books?shelf=%0d%0aX-Injected:%201")
        .header("accept", "application/json")
        .header("accept-language", "ja")
        .header("x-shelf", "7")
        .header("authorization", "Bearer of-the-attacker")
        .header("cookie", "__Host-session=secret")
        .header("x-csrf", "1")
        .header("x-user", "root")
        .header("x-forwarded-user", "root")
        .header("x_user", "root")
        .header("x_forwarded_for", "127.0.0.1")
        .header("x-forwarded-for", "127.0.0.1")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-prefix", "//evil")
        .header("forwarded", "for=127.0.0.1;host=evil.example")
        .header("host", "evil.example")
        .header("x-original-url", "/admin")
        .header("x-rewrite-url", "/admin")
        .header("x-middleware-subrequest", "middleware")
        .header("proxy-authorization", "Basic eA==")
        .header("connection", "keep-alive, x-shelf-2")
        .header("te", "trailers")
        .body(Body::empty())
        .unwrap();
    let forwarded = forward(&routes, request, &Tokens(&["of-the-person"]))
        .await
        .unwrap();
    assert_eq!(text(forwarded.response).await, "books");

    let received = api.received().remove(0).request;
    let mut headers: Vec<_> = received
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let host = format!(
        "host: {}",
        &api.base[url::Position::BeforeHost..url::Position::AfterPort]
    );
    assert_eq!(
        headers,
        [
            "accept-language: ja",
            "accept: application/json",
            "authorization: Bearer of-the-person",
            "forwarded: for=203.0.113.7;host=\"app.example\";proto=https",
            host.as_str(),
            "x-forwarded-for: 203.0.113.7",
            "x-forwarded-host: app.example",
            "x-forwarded-prefix: /api/proxy/books",
            "x-forwarded-proto: https",
            "x-shelf: 7",
        ]
    );
    assert_eq!(received.uri, "/v1/books?shelf=%0d%0aX-Injected:%201");
}

#[tokio::test]
async fn b171_b172_what_would_act_on_the_whole_site_stays_behind() {
    let api = Api::recording(|_| {
        [
            ("content-type", "text/html"),
            ("etag", "\"7\""),
            (
                "set-cookie",
                "__Host-session=of-the-attacker; Path=/; Secure",
            ),
            ("strict-transport-security", "max-age=0"),
            ("access-control-allow-origin", "*"),
            ("access-control-allow-credentials", "true"),
            ("refresh", "0;url=https://evil.example"),
            ("clear-site-data", "\"*\""),
            ("service-worker-allowed", "/"),
            ("content-security-policy", "default-src *"),
            ("www-authenticate", "Basic realm=\"phishing\""),
            ("connection", "x-hop"),
            ("x-hop", "1"),
            ("x-accel-redirect", "/internal/secrets"),
            ("cdn-cache-control", "public"),
            ("content-location", "http://10.0.0.7/books"),
            ("x-shelf", "7"),
            ("cache-control", "private, max-age=600"),
        ]
        .into_response()
    })
    .await;
    let request = Request::get("/books").body(Body::empty()).unwrap();
    let routes = api.routes("token = \"user\"\nresponseHeaders = [\"X-Shelf\", \"X-Hop\"]");
    let forwarded = forward(&routes, request, &Tokens(&["t"])).await.unwrap();
    let mut headers: Vec<_> = forwarded
        .response
        .headers()
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    assert_eq!(
        headers,
        [
            "cache-control: no-store",
            "content-length: 0",
            "content-security-policy: default-src 'none'; frame-ancestors 'none'; sandbox",
            "content-type: text/html",
            "cross-origin-resource-policy: same-origin",
            "etag: \"7\"",
            "x-content-type-options: nosniff",
            "x-shelf: 7",
        ]
    );
}

#[tokio::test]
async fn no_challenge_lets_a_browser_ask_for_a_password() {
    for (challenge, stays) in [
        ("Bearer", true),
        ("bearer realm=\"api\", error=\"invalid_token\"", true),
        ("Bearer, Basic realm=\"phishing\"", false),
        ("Bearer error=\"x\", Basic realm=\"phishing\"", false),
        ("Basic realm=\"phishing\", Bearer", false),
        ("Negotiate", false),
    ] {
        let api = Api::recording(move |_| [("www-authenticate", challenge)].into_response()).await;
        let request = Request::get("/books").body(Body::empty()).unwrap();
        let forwarded = forward(&api.routes(USER), request, &Tokens(&["t"])).await;
        let headers = forwarded.unwrap().response.headers().clone();
        assert_eq!(
            headers.contains_key("www-authenticate"),
            stays,
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn a_public_response_may_be_stored_and_a_bearer_challenge_is_kept() {
    let api = Api::recording(|_| {
        [
            ("cache-control", "public, max-age=600"),
            (
                "www-authenticate",
                "Bearer error=\"insufficient_user_authentication\"",
            ),
        ]
        .into_response()
    })
    .await;
    let request = Request::get("/books").body(Body::empty()).unwrap();
    let forwarded = forward(&api.routes("token = \"none\""), request, &Tokens(&["t"])).await;
    let headers = forwarded.unwrap().response.headers().clone();
    assert_eq!(headers["cache-control"], "public, max-age=600");
    assert!(
        headers["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer ")
    );
    assert!(
        !api.received()[0]
            .request
            .headers
            .contains_key("authorization")
    );
}

#[tokio::test]
async fn b175_a_redirect_is_not_followed_and_leads_nowhere_else() {
    for (location, expected) in [
        ("http://169.254.169.254/latest/meta-data", None),
        ("//evil.example/", None),
        ("https://evil.example/v1/books", None),
        ("/admin", None),
        ("/v1/../admin", None),
        (
            "/v1/books/7?page=2",
            Some("/api/proxy/books/books/7?page=2"),
        ),
        ("8", Some("/api/proxy/books/8")),
    ] {
        let api =
            Api::recording(move |_| (StatusCode::FOUND, [("location", location)]).into_response())
                .await;
        let request = Request::get("/7").body(Body::empty()).unwrap();
        let forwarded = forward(&api.routes(USER), request, &Tokens(&["t"]))
            .await
            .unwrap();
        assert_eq!(forwarded.response.status(), 302);
        let seen = forwarded.response.headers().get("location");
        assert_eq!(
            seen.map(|seen| seen.to_str().unwrap()),
            expected,
            "{location}"
        );
        assert_eq!(api.received().len(), 1);
    }
}

#[tokio::test]
async fn b187_methods_and_paths_that_the_route_does_not_name_never_reach_the_api() {
    let api = Api::recording(|_| "books".into_response()).await;
    let routes =
        api.routes("token = \"user\"\nmethods = [\"GET\", \"POST\"]\npaths = [\"/books/{id}\"]");
    for method in ["TRACE", "CONNECT", "PUT", "DELETE", "BREW"] {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri("/books/7")
            .body(Body::empty())
            .unwrap();
        let error = forward(&routes, request, &Tokens(&["t"]))
            .await
            .unwrap_err();
        assert!(
            matches!(error, ForwardError::MethodNotAllowed { .. }),
            "{method}"
        );
        assert_eq!(error.header().unwrap().1, "GET, POST");
    }
    for path in [
        "/",
        "/books",
        "/books/",
        "/books/7/8",
        "/books/%2e%2e",
        "/admin/7",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let error = forward(&routes, request, &Tokens(&["t"]))
            .await
            .unwrap_err();
        assert!(matches!(error, ForwardError::NoSuchPath), "{path}");
    }
    assert!(api.received().is_empty());
}
