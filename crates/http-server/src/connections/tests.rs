//! Connections of every unfriendly kind, on real sockets; time passes by a paused clock only.

use super::*;
use axum::{body::Body, routing::get};
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

async fn start(places: usize, router: Router) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap() };
        serve(places, listener, router, stopped).await;
    });
    Server {
        address,
        stop,
        serving,
    }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn connect(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// One answer of `hello`, on a connection that stays.
async fn read_hello(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        answer.push(stream.read_u8().await.unwrap());
    }
}

#[tokio::test]
async fn b207_half_a_head_and_an_idle_connection_are_closed_after_a_while() {
    let server = start(8, hello()).await;
    let mut half = connect(&server, b"GET / HTTP/1.1\r\nHost: loc").await;
    let mut idle = connect(&server, HEAD).await;
    read_hello(&mut idle).await;
    // From here on nothing happens but that time passes.
    tokio::time::pause();
    let mut rest = Vec::new();
    let closed = async {
        half.read_to_end(&mut rest).await.unwrap();
        idle.read_to_end(&mut rest).await.unwrap();
    };
    tokio::time::timeout(2 * HEAD_TIMEOUT, closed)
        .await
        .unwrap();
    assert!(rest.is_empty(), "closed without a word");
}

#[tokio::test]
async fn b207_who_sends_a_byte_now_and_then_keeps_nobody_from_an_answer() {
    let server = start(1_000, hello()).await;
    let mut slow = Vec::new();
    for _ in 0..500 {
        slow.push(connect(&server, &HEAD[..5]).await);
    }
    for byte in &HEAD[5..15] {
        for stream in &mut slow {
            stream.write_all(&[*byte]).await.unwrap();
        }
        read_hello(&mut connect(&server, HEAD).await).await;
    }
}

#[tokio::test]
async fn b207_an_answer_that_nobody_reads_gives_its_place_back() {
    let endless = || async {
        let chunks = tokio_stream::iter(std::iter::repeat_with(|| {
            Ok::<_, io::Error>(vec![0; 65_536])
        }));
        Body::from_stream(chunks)
    };
    let server = start(1, hello().route("/endless", get(endless))).await;
    let _deaf = connect(&server, b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut next = connect(&server, HEAD).await;
    tokio::time::pause();
    let answered = tokio::time::timeout(2 * WRITE_TIMEOUT, read_hello(&mut next)).await;
    answered.unwrap();
}

#[tokio::test]
async fn b209_a_connection_that_ends_gives_its_place_back() {
    let server = start(2, hello()).await;
    let (mut one, mut two) = (connect(&server, HEAD).await, connect(&server, HEAD).await);
    read_hello(&mut one).await;
    read_hello(&mut two).await;
    let mut three = connect(&server, HEAD).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let none = three.try_read(&mut [0]).unwrap_err();
    assert_eq!(none.kind(), io::ErrorKind::WouldBlock, "there is no place");
    drop(one);
    read_hello(&mut three).await;
    drop((two, three));
    for _ in 0..200 {
        read_hello(&mut connect(&server, HEAD).await).await;
    }
}

#[tokio::test]
async fn b210_only_http_1_is_spoken() {
    let server = start(8, hello()).await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut stream = connect(&server, preface).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn b217_a_stop_closes_what_is_idle_and_waits_for_what_is_under_way() {
    let (go_on, mut gone_on) = tokio::sync::watch::channel(false);
    let slow = Router::new().route(
        "/",
        get(move || async move {
            gone_on.wait_for(|go_on| *go_on).await.unwrap();
            "hello"
        }),
    );
    let server = start(8, slow).await;
    let mut asking = connect(&server, HEAD).await;
    while go_on.receiver_count() < 2 {
        tokio::task::yield_now().await;
    }
    server.stop.send(()).unwrap();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!server.serving.is_finished());
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "nobody new"
    );
    go_on.send_replace(true);
    read_hello(&mut asking).await;
    server.serving.await.unwrap();
}
