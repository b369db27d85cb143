//! Server-sent events for the page: one when it connects, one after each delivery and deletion. An event has no
//! content; the page then loads the messages.

use super::Sandbox;
use axum::{
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use std::{convert::Infallible, time::Duration};
use tokio_stream::{StreamExt, wrappers::WatchStream};

/// How long the page waits before it reconnects.
const RETRY: Duration = Duration::from_secs(1);

pub(super) async fn events(State(sandbox): State<Sandbox>) -> Response {
    let Some(changes) = sandbox.0.inbox.subscribe() else {
        return StatusCode::NO_CONTENT.into_response(); // shutting down; 204 tells the page not to reconnect
    };
    let events = WatchStream::new(changes).map(|count| {
        let event = Event::default().event("changes").retry(RETRY);
        Ok::<_, Infallible>(event.data(count.to_string()))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}
