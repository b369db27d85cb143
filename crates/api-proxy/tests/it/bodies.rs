use crate::api::{Api, Tokens, forward, text};
use api_proxy::ForwardError;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use std::io;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

const POST: &str = "token = \"none\"\nmethods = [\"GET\", \"POST\"]\nfirstByteSeconds = 1\nidleSeconds = 1\nlargestBodyBytes = 100";

/// An API that sends back what it receives, piece by piece.
async fn echo() -> Api {
    Api::serve(
        Router::new().fallback(|request: Request| async { Response::new(request.into_body()) }),
    )
    .await
}

fn pieces() -> (mpsc::Sender<io::Result<Bytes>>, Body) {
    let (sender, receiver) = mpsc::channel(1);
    (sender, Body::from_stream(ReceiverStream::new(receiver)))
}

async fn piece(body: &mut Body) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

#[tokio::test]
async fn bodies_are_streamed_in_both_directions() {
    let api = echo().await;
    let (sender, body) = pieces();
    sender.send(Ok("first".into())).await.unwrap();
    let request = http::Request::post("/books").body(body).unwrap();
    let forwarded = forward(&api.routes(POST), request, &Tokens(&[]))
        .await
        .unwrap();
    let mut body = forwarded.response.into_body();
    assert_eq!(piece(&mut body).await, "first");
    sender.send(Ok("second".into())).await.unwrap();
    assert_eq!(piece(&mut body).await, "second");
    drop(sender);
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn b205_a_body_beyond_the_limit_is_refused_whatever_its_length_claims() {
    let api = Api::recording(|_| "stored".into_response()).await;
    let announced = http::Request::post("/books")
        .header("content-length", 101)
        .body(Body::from("x".repeat(101)))
        .unwrap();
    let (sender, body) = pieces();
    let unannounced = http::Request::post("/books").body(body).unwrap();
    let routes = api.routes(POST);
    tokio::spawn(async move {
        for _ in 0..3 {
            let _ = sender.send(Ok("x".repeat(50).into())).await;
        }
    });
    for request in [announced, unannounced] {
        let error = forward(&routes, request, &Tokens(&[])).await.unwrap_err();
        assert!(matches!(error, ForwardError::BodyTooLarge), "{error:?}");
    }
    let most = http::Request::post("/books")
        .body(Body::from("x".repeat(100)))
        .unwrap();
    let forwarded = forward(&routes, most, &Tokens(&[])).await.unwrap();
    assert_eq!(text(forwarded.response).await, "stored");
}

#[tokio::test]
async fn an_api_that_is_away_or_silent_is_told_apart() {
    let silent = Api::serve(Router::new().fallback(std::future::pending::<()>)).await;
    let get = || http::Request::get("/books").body(Body::empty()).unwrap();
    let error = forward(&silent.routes(POST), get(), &Tokens(&[]))
        .await
        .unwrap_err();
    assert!(matches!(error, ForwardError::TimedOut), "{error:?}");

    let routes = silent.routes(POST);
    drop(silent);
    let away = loop {
        // The listener closes a moment after its task was aborted.
        match forward(&routes, get(), &Tokens(&[])).await {
            Err(ForwardError::TimedOut) => {}
            other => break other,
        }
    };
    assert!(
        matches!(away, Err(ForwardError::Unreachable(_))),
        "{away:?}"
    );
}

#[tokio::test]
async fn a_body_that_stops_ends_the_request_and_one_that_moves_does_not() {
    let api = echo().await;
    let routes = api.routes(POST);
    let (_sender, body) = pieces();
    let request = http::Request::post("/books")
        .header("content-length", 4)
        .body(body)
        .unwrap();
    let error = forward(&routes, request, &Tokens(&[])).await.unwrap_err();
    assert!(matches!(error, ForwardError::BodyIncomplete), "{error:?}");

    // The response's body stops.
    let (sender, body) = pieces();
    sender.send(Ok("first".into())).await.unwrap();
    let request = http::Request::post("/books").body(body).unwrap();
    let forwarded = forward(&routes, request, &Tokens(&[])).await.unwrap();
    let mut body = forwarded.response.into_body();
    assert_eq!(piece(&mut body).await, "first");
    assert!(body.frame().await.unwrap().is_err());
}
