use crate::api::{Api, Received, Tokens, forward, text};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{Request, StatusCode};

const POST: &str = "token = \"user\"\nmethods = [\"POST\"]";

/// An API whose only good token is `fresh`.
fn wants_fresh(received: &Received) -> Response {
    if received.request.headers["authorization"] == "Bearer fresh" {
        received.body.clone().into_response()
    } else {
        (StatusCode::UNAUTHORIZED, "stale").into_response()
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_request_sent_again() {
    let api = Api::recording(wants_fresh).await;
    let request = Request::post("/books").body(Body::from("a book")).unwrap();
    let forwarded = forward(&api.routes(POST), request, &Tokens(&["stale", "fresh"])).await;
    assert_eq!(text(forwarded.unwrap().response).await, "a book");
    let received = api.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].body, b"a book");
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_the_response() {
    let api = Api::recording(wants_fresh).await;
    for (tokens, attempts) in [(&["a", "b", "c"][..], 2), (&["a"][..], 1)] {
        let request = Request::post("/books").body(Body::from("a book")).unwrap();
        let forwarded = forward(&api.routes(POST), request, &Tokens(tokens))
            .await
            .unwrap();
        assert_eq!(forwarded.response.status(), 401);
        assert_eq!(text(forwarded.response).await, "stale");
        assert_eq!(api.received().len(), attempts);
    }
}

#[tokio::test]
async fn a_body_that_was_streamed_is_not_sent_again() {
    let api = Api::recording(wants_fresh).await;
    let pieces = tokio_stream::iter(["a ", "book"].map(Ok::<_, std::io::Error>));
    let request = Request::post("/books")
        .body(Body::from_stream(pieces))
        .unwrap();
    let forwarded = forward(&api.routes(POST), request, &Tokens(&["stale", "fresh"])).await;
    assert_eq!(forwarded.unwrap().response.status(), 401);
    let received = api.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].body, b"a book");
}
