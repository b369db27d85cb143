use super::*;
use ::test_provider::tls;
use axum::{Router, body::Body, routing::get};
use http::header::LOCATION;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::oneshot,
};

/// The address of a server with `/ok`, `/host`, `/most`, `/large` and `/moved`.
async fn server() -> Url {
    let router = Router::new()
        .route("/ok", get(|| async { "ok" }))
        .route(
            "/host",
            get(|headers: HeaderMap| async move {
                let scheme = headers.get("x-forwarded-proto");
                let scheme = scheme.map_or("no scheme", |scheme| scheme.to_str().unwrap());
                format!("{scheme} {}", headers[HOST].to_str().unwrap())
            }),
        )
        .route("/most", get(|| async { "x".repeat(LARGEST_RESPONSE) }))
        .route("/large", get(|| async { "x".repeat(LARGEST_RESPONSE + 1) }))
        .route(
            "/moved",
            get(|| async { (StatusCode::FOUND, [(LOCATION, "/ok")]) }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().unwrap()
}

fn config_of(issuer: &str) -> ClientConfig {
    ClientConfig::new(issuer, "id", "secret", "https://app.example/callback").unwrap()
}

fn client_of(issuer: &str) -> HttpClient {
    HttpClient::new(&config_of(issuer), ()).unwrap()
}

async fn ask(client: &HttpClient, url: &str) -> Result<HttpResponse, HttpClientError> {
    client
        .at(Endpoint::Token)
        .call(http::Request::get(url).body(Vec::new()).unwrap())
        .await
}

#[tokio::test]
async fn t12_b176_a_redirect_is_an_answer_and_is_not_followed() {
    let url = server().await;
    let client = client_of(url.as_str());
    assert_eq!(
        ask(&client, &format!("{url}ok")).await.unwrap().body(),
        b"ok"
    );
    assert_eq!(
        ask(&client, &format!("{url}moved")).await.unwrap().status(),
        StatusCode::FOUND
    );
}

#[tokio::test]
async fn t12_an_answer_without_end_is_cut_off() {
    let url = server().await;
    let client = client_of(url.as_str());
    let most = ask(&client, &format!("{url}most")).await.unwrap();
    assert_eq!(most.body().len(), LARGEST_RESPONSE);
    assert!(matches!(
        ask(&client, &format!("{url}large")).await,
        Err(HttpClientError::TooLarge)
    ));
}

/// Which host is asked for decides the endpoints that Logto names.
#[tokio::test]
async fn q23_from_inside_the_issuer_is_asked_for_by_its_name_at_its_internal_address_and_nobody_else()
 {
    let internal = server().await;
    let mut config = config_of("https://logto.example:8443/oidc");
    config.internal_url = Some(internal.clone());
    let client = HttpClient::new(&config, ()).unwrap();
    for url in [
        "https://logto.example:8443/host",
        internal.join("host").unwrap().as_str(),
    ] {
        let answer = ask(&client, url).await.unwrap();
        assert_eq!(answer.body(), b"https logto.example:8443", "{url}");
    }
    let elsewhere = client.inside("https://other.example/ok").unwrap();
    assert_eq!(elsewhere.as_str(), "https://other.example/ok");
    let other = server().await;
    let answer = ask(&client, other.join("host").unwrap().as_str()).await;
    let nothing_added = format!("no scheme {}", other.authority());
    assert_eq!(answer.unwrap().body(), nothing_added.as_bytes());
}

#[tokio::test]
async fn t12_an_error_does_not_repeat_the_address() {
    let closed = "http://127.0.0.1:1/secret?token=secret";
    let client = client_of(closed);
    let error = ask(&client, closed).await.unwrap_err();
    assert!(matches!(error, HttpClientError::Unreachable(_)), "{error}");
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
}

#[tokio::test]
async fn b222_an_answer_that_breaks_off_is_told_from_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        let half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
        stream.write_all(half).await.unwrap();
    });
    let client = client_of(&url);
    let error = ask(&client, &url).await.unwrap_err();
    assert!(matches!(error, HttpClientError::BrokeOff), "{error}");
}

#[tokio::test]
async fn b220_an_answer_that_never_ends_is_waited_for_so_long_and_no_longer() {
    let (asked, was_asked) = oneshot::channel();
    let asked = Arc::new(std::sync::Mutex::new(Some(asked)));
    let endless = move || async move {
        asked.lock().unwrap().take().map(|asked| asked.send(()));
        Body::from_stream(tokio_stream::pending::<Result<String, std::io::Error>>())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", get(endless));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let client = client_of(&url);
    let answer = tokio::spawn(async move { ask(&client, &url).await });
    was_asked.await.unwrap();
    // From now on only time passes.
    tokio::time::pause();
    let answer = tokio::time::timeout(2 * TOTAL_TIMEOUT, answer).await;
    let error = answer.unwrap().unwrap().unwrap_err();
    assert!(matches!(error, HttpClientError::TimedOut), "{error}");
}

#[tokio::test]
async fn b188_a_certificate_that_nobody_vouches_for_is_refused() {
    let url = tls::start().await;
    let error = ask(&client_of(&url), &url).await.unwrap_err();
    assert!(
        matches!(error, HttpClientError::UnknownAuthority),
        "{error}"
    );
}

/// A server that reads a request from each connection, and closes the first ones without an answer. Counts the requests.
async fn closing(without_answer: usize) -> (String, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            // At most this, so that nothing unread resets the connection.
            let mut request = vec![0; 64 * 1024];
            let _ = stream.read(&mut request).await.unwrap();
            if counted.fetch_add(1, Ordering::SeqCst) >= without_answer {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                stream.write_all(answer).await.unwrap();
            }
        }
    });
    (url, requests)
}

#[tokio::test]
async fn q22_a_get_request_is_sent_once_more_when_the_connection_was_closed() {
    for (without_answer, expected) in [(0, 1), (1, 2), (2, 2)] {
        let (url, requests) = closing(without_answer).await;
        let answer = ask(&client_of(&url), &url).await;
        assert_eq!(answer.is_ok(), without_answer < 2);
        assert_eq!(requests.load(Ordering::SeqCst), expected);
    }
}

/// The provider may have seen it, and a code that comes twice revokes what the first exchange gave.
#[tokio::test]
async fn q22_a_post_request_is_never_sent_twice() {
    let (url, requests) = closing(1).await;
    let client = client_of(&url);
    let request = http::Request::post(&url).body(b"code=1".to_vec()).unwrap();
    let error = client.at(Endpoint::Token).call(request).await.unwrap_err();
    assert!(matches!(error, HttpClientError::Closed), "{error}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}
