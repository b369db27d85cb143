use crate::api::{Api, CALLER, Tokens};
use axum::{Router, body::Body, extract::Request, response::Response};
use http::StatusCode;
use hyper_util::rt::TokioIo;
use std::{net::Ipv4Addr, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const HANDSHAKE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nCookie: secret\r\n";

/// An API that accepts a WebSocket with a token and no cookie, and sends back its bytes.
async fn echo(mut request: Request) -> Response {
    let headers = request.headers();
    if headers
        .get("authorization")
        .is_none_or(|token| token != "Bearer t")
        || headers.contains_key("cookie")
        || headers
            .get("sec-websocket-key")
            .is_none_or(|key| key != "dGhlIHNhbXBsZSBub25jZQ==")
    {
        return status(StatusCode::FORBIDDEN);
    }
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let stream = TokioIo::new(upgrade.await.unwrap());
        let (mut reader, mut writer) = tokio::io::split(stream);
        tokio::io::copy(&mut reader, &mut writer).await
    });
    let mut response = status(StatusCode::SWITCHING_PROTOCOLS);
    for (name, value) in [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("set-cookie", "__Host-session=of-the-attacker"),
    ] {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A site with the route, and a connection of a browser to it.
async fn connect(lines: &str, api: &Api) -> TcpStream {
    let routes = Arc::new(api.routes(lines));
    let app = Router::new().fallback(move |request: Request| {
        let routes = routes.clone();
        async move {
            let path = request.uri().path().to_owned();
            let route = routes.get("books").unwrap();
            let forwarded = route.forward(request, &path, CALLER, &Tokens(&["t"])).await;
            let forwarded = forwarded.unwrap();
            tokio::spawn(async move {
                if let Some(tunnel) = forwarded.tunnel {
                    tunnel.await;
                }
            });
            forwarded.response
        }
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    TcpStream::connect(address).await.unwrap()
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}

#[tokio::test]
async fn a_websocket_carries_bytes_in_both_directions() {
    let api = Api::serve(Router::new().fallback(echo)).await;
    let mut browser = connect("token = \"user\"\nwebsocket = true", &api).await;
    let request = format!("GET /live HTTP/1.1\r\nHost: app.example\r\n{HANDSHAKE}\r\n");
    browser.write_all(request.as_bytes()).await.unwrap();
    let head = head(&mut browser).await;
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(
        head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
        "{head}"
    );
    assert!(!head.contains("set-cookie"), "{head}");
    for _ in 0..2 {
        browser.write_all(b"a frame").await.unwrap();
        let mut frame = [0; 7];
        browser.read_exact(&mut frame).await.unwrap();
        assert_eq!(&frame, b"a frame");
    }
}

#[tokio::test]
async fn a_route_without_websockets_opens_none() {
    let api = Api::serve(Router::new().fallback(echo)).await;
    let mut browser = connect("token = \"user\"", &api).await;
    let request = format!("GET /live HTTP/1.1\r\nHost: app.example\r\n{HANDSHAKE}\r\n");
    browser.write_all(request.as_bytes()).await.unwrap();
    let head = head(&mut browser).await;
    assert!(!head.starts_with("http/1.1 101 "), "{head}");
}
