//! Responses and WebSockets that take long. They end with the session: what a person may see, they may see until then.

use super::allow;
use crate::{AppState, error::Error, request::stream_limit::StreamSlot};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body::{Body as _, Frame};
use std::{
    io,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
    time::Duration,
};
use tower_sessions::session::Id;

/// How often the session is loaded.
const LOAD_EVERY: Duration = Duration::from_secs(15);
/// Bytes of a response that is sent as it is.
const SHORT: u64 = 64 * 1024;

type Ended = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Waits until the session has ended, the person may no longer use the route, or the server stops. A fault of the store ends
/// nothing.
pub(super) async fn end_of(app: &AppState, id: Id, route: &str) {
    let left = async {
        loop {
            tokio::time::sleep(LOAD_EVERY).await;
            let Ok(who) = app.sessions.load(&id).await else {
                continue;
            };
            let route = app.api_routes.get(route);
            let may_go_on = who
                .zip(route)
                .is_some_and(|(who, route)| allow(route, &who).is_ok());
            if !may_go_on {
                return;
            }
        }
    };
    tokio::select! {
        () = left => {}
        () = app.stopping.cancelled() => {}
    }
}

/// The response, whose body breaks off when the session ends. An event stream takes one of the session's slots.
pub(super) fn to_session(
    response: Response,
    app: &AppState,
    id: Id,
    route: &str,
) -> Result<Response, Error> {
    let length = response.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length <= SHORT) || response.body().is_end_stream() {
        return Ok(response);
    }
    let kind = response.headers().get(CONTENT_TYPE);
    let is_events = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    let slot = is_events.then(|| app.stream_limit.take(id)).transpose()?;
    let (app, route) = (app.clone(), route.to_owned());
    let ended: Ended = Box::pin(async move { end_of(&app, id, &route).await });
    Ok(response.map(|body| {
        Body::new(Tied {
            body,
            ended: Mutex::new(ended),
            _slot: slot,
        })
    }))
}

struct Tied {
    body: Body,
    /// A lock that is never waited for: a body has to be `Sync`, and a future is not.
    ended: Mutex<Ended>,
    _slot: Option<StreamSlot>,
}

impl http_body::Body for Tied {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let ended = self.ended.get_mut();
        if ended.is_ok_and(|ended| ended.as_mut().poll(context).is_ready()) {
            let ended = io::Error::other("the session has ended");
            return Poll::Ready(Some(Err(axum::Error::new(ended))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }
}
