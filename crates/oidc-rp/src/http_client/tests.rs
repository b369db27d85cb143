use super::*;
use axum::{Router, body::Body, routing::get};
use http::header::LOCATION;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::oneshot,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// The address of a server with `/ok`, `/most`, `/large` and `/moved`.
async fn server() -> Url {
    let router = Router::new()
        .route("/ok", get(|| async { "ok" }))
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

async fn ask(client: &HttpClient, url: &str) -> Result<HttpResponse, HttpClientError> {
    client
        .at(Endpoint::Token)
        .call(http::Request::get(url).body(Vec::new()).unwrap())
        .await
}

#[tokio::test]
async fn t12_b176_a_redirect_is_an_answer_and_is_not_followed() {
    let url = server().await;
    let client = HttpClient::new(&url, None, ()).unwrap();
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
    let client = HttpClient::new(&url, None, ()).unwrap();
    let most = ask(&client, &format!("{url}most")).await.unwrap();
    assert_eq!(most.body().len(), LARGEST_RESPONSE);
    assert!(matches!(
        ask(&client, &format!("{url}large")).await,
        Err(HttpClientError::TooLarge)
    ));
}

#[tokio::test]
async fn from_inside_the_issuer_is_reached_at_its_internal_address_and_nobody_else() {
    let internal = server().await;
    let client = HttpClient::new(
        &"https://logto.example".parse().unwrap(),
        Some(internal),
        (),
    )
    .unwrap();
    assert_eq!(
        ask(&client, "https://logto.example/ok")
            .await
            .unwrap()
            .body(),
        b"ok"
    );
    let elsewhere = client.inside("https://other.example/ok").unwrap();
    assert_eq!(elsewhere.as_str(), "https://other.example/ok");
}

#[tokio::test]
async fn t12_an_error_does_not_repeat_the_address() {
    let closed = "http://127.0.0.1:1/secret?token=secret";
    let client = HttpClient::new(&closed.parse().unwrap(), None, ()).unwrap();
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
    let client = HttpClient::new(&url.parse().unwrap(), None, ()).unwrap();
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

    let client = HttpClient::new(&url.parse().unwrap(), None, ()).unwrap();
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
    let certificate = CertificateDer::from_pem_slice(include_bytes!("self_signed.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("self_signed.key.pem"));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.unwrap()], key.unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    let shaken = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });

    let client = HttpClient::new(&url.parse().unwrap(), None, ()).unwrap();
    let error = ask(&client, &url).await.unwrap_err();
    assert!(matches!(error, HttpClientError::Unreachable(_)), "{error}");
    assert!(!shaken.await.unwrap(), "no hand was shaken");
}
