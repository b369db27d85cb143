//! How the client handles responses that are not Aliyun's.

use crate::support::{self, DATE, NOW, client, client_at, config, number, serve};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, StatusCode, Uri, header::LOCATION},
    response::{IntoResponse, Response},
    routing::any,
};
use connector_aliyun_sms::{Clock, Receipt, SendError, UsageType};
use std::{
    error::Error,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

/// The number of requests or connections.
type Count = Arc<AtomicUsize>;

/// Creates a response.
type Answer = fn() -> Response;

async fn send(address: SocketAddr) -> Result<Receipt, SendError> {
    let client = client(address, config());
    let result = client
        .send_code(&number("8613900000000"), UsageType::SignIn, "271828")
        .await;
    if let Err(error) = &result {
        assert_nothing_private(error);
    }
    result
}

fn assert_nothing_private(error: &SendError) {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&error.to_string());
        source = error.source();
    }
    for private in ["13900000000", "271828", "example-secret"] {
        assert!(!text.contains(private), "{text}");
    }
}

fn ok() -> Response {
    r#"{"Message":"OK","RequestId":"9D2AC0B1-5F4E-4C6C-9E0F-3A1B2C3D4E5F","BizId":"1^0","Code":"OK"}"#
        .into_response()
}

/// Responds with 20 chunks of 64 KiB, which is more than 1 MiB, without `Content-Length`.
fn huge() -> Response {
    let chunk = || Ok::<_, std::io::Error>(vec![b' '; 64 * 1024]);
    Body::from_stream(tokio_stream::iter((0..20).map(move |_| chunk()))).into_response()
}

#[tokio::test]
async fn p060_an_answer_that_is_not_aliyuns_is_not_understood() {
    let cases: [(&str, u16, Answer); 7] = [
        ("500", 500, || {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }),
        ("HTML", 502, || {
            (StatusCode::BAD_GATEWAY, "<html>").into_response()
        }),
        ("empty", 200, || "".into_response()),
        ("cut JSON", 200, || r#"{"Code":"OK","Mess"#.into_response()),
        ("no id", 200, || {
            r#"{"Code":"OK","Message":"OK"}"#.into_response()
        }),
        ("echo", 200, || {
            r#"{"Code":"OK","Message":"OK","RequestId":"8613900000000"}"#.into_response()
        }),
        ("huge", 200, huge),
    ];
    for (case, expected, answer) in cases {
        let address = serve(Router::new().fallback(any(move || async move { answer() }))).await;
        let error = send(address).await.unwrap_err();
        let SendError::NotUnderstood { status } = error else {
            panic!("{case}: {error:?}");
        };
        assert_eq!(status, expected, "{case}");
    }
}

#[tokio::test]
async fn p063_a_redirect_is_not_followed() {
    let requests = Count::default();
    let count = requests.clone();
    let redirect = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/elsewhere")]) }
    };
    let address = serve(Router::new().fallback(any(redirect))).await;
    let error = send(address).await.unwrap_err();
    assert!(
        matches!(error, SendError::NotUnderstood { status: 307 }),
        "{error:?}"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_tried_once_more() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    // The client reads its clock before each attempt. The server changes it between the two.
    let looks = Count::default();
    let count = looks.clone();
    let clock = Clock::new(move || {
        if count.fetch_add(1, Ordering::SeqCst) == 1 {
            let listener = std::net::TcpListener::bind(address).unwrap();
            listener.set_nonblocking(true).unwrap();
            let listener = TcpListener::from_std(listener).unwrap();
            let router = Router::new().fallback(any(|| async { ok() }));
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        NOW
    });
    let client = client_at(address, config(), clock);
    support::send(&client, "8613900000000").await.unwrap();
    assert_eq!(
        looks.load(Ordering::SeqCst),
        3,
        "two attempts and an answer"
    );
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = send(address).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
}

/// Accepts connections, reads the request of each and calls `then` with it. Counts the connections.
async fn mute_server<F>(then: impl Fn(TcpStream) -> F + Send + 'static) -> (SocketAddr, Count)
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Count::default();
    let count = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            connection.read_exact(&mut [0; 100]).await.unwrap();
            then(connection).await;
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_connection_that_breaks_may_have_sent_and_is_not_tried_again() {
    let (address, connections) = mute_server(|connection| async { drop(connection) }).await;
    let error = send(address).await.unwrap_err();
    assert!(matches!(error, SendError::NoAnswer(_)), "{error:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_service_that_keeps_silent_may_have_sent_and_is_not_asked_again() {
    // When the request has arrived, the paused time of the runtime advances to the client's timeout.
    let keep_silent = |connection| async {
        tokio::time::pause();
        std::future::pending::<()>().await;
        drop(connection);
    };
    let (address, connections) = mute_server(keep_silent).await;
    let error = send(address).await.unwrap_err();
    let SendError::NoAnswer(source) = error else {
        panic!("{error:?}");
    };
    assert!(source.is_timeout(), "{source:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn p057_no_two_requests_have_a_nonce_in_common() {
    let nonces = Arc::new(Mutex::new(Vec::new()));
    let record = nonces.clone();
    let answer = move |headers: HeaderMap| {
        let nonce = headers["x-acs-signature-nonce"]
            .to_str()
            .unwrap()
            .to_owned();
        record.lock().unwrap().push(nonce);
        async { ok() }
    };
    let address = serve(Router::new().fallback(any(answer))).await;
    for _ in 0..50 {
        send(address).await.unwrap();
    }
    let mut nonces = nonces.lock().unwrap().clone();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 50);
}

#[tokio::test]
async fn the_request_has_an_empty_body_and_only_the_code_as_template_param() {
    let seen = Arc::new(Mutex::new(None));
    let record = seen.clone();
    let answer = move |uri: Uri, headers: HeaderMap, body: String| {
        *record.lock().unwrap() = Some((uri, headers, body));
        async { ok() }
    };
    let address = serve(Router::new().fallback(any(answer))).await;
    let receipt = send(address).await.unwrap();
    assert_eq!(receipt.biz_id.as_deref(), Some("1^0"));
    let (uri, headers, body) = seen.lock().unwrap().take().unwrap();
    assert_eq!(body, "");
    assert_eq!(
        uri,
        "/?PhoneNumbers=8613900000000&SignName=Bookstore&TemplateCode=SMS_100000001\
         &TemplateParam=%7B%22code%22%3A%22271828%22%7D"
    );
    assert_eq!(headers["host"], address.to_string());
    assert_eq!(headers["content-length"], "0");
    assert_eq!(headers["x-acs-date"], DATE);
    assert!(!headers.contains_key("content-type"));
    assert!(
        headers
            .values()
            .all(|value| !format!("{value:?}").contains("example-secret"))
    );
}
