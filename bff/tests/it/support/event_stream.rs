//! An open page's stream of server-sent events.

use super::TestBrowser;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use shared::SessionEvent;
use std::time::Duration;

/// What a story that waits for nothing fails after.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a stream looks at its session by itself.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// So much time passes that every stream looks at its session. Only for timers: the story's own clock stands.
pub(crate) async fn every_stream_looks() {
    tokio::time::pause();
    tokio::time::advance(LOOK_EVERY).await;
    tokio::time::resume();
}

/// A stream under way.
pub(crate) struct EventStream {
    response: Response,
    unread: String,
}

impl TestBrowser {
    /// A page opens its stream.
    pub(crate) async fn events(&mut self) -> EventStream {
        self.try_events().await.expect("a place for the stream")
    }

    /// The same where one may have come free, a moment after another stream was closed.
    pub(crate) async fn events_at_last(&mut self) -> EventStream {
        let opened = async {
            loop {
                if let Some(stream) = self.try_events().await {
                    return stream;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, opened)
            .await
            .expect("a place")
    }

    /// A page opens its stream and is refused; answers what it is told. A stream would not end.
    pub(crate) async fn refused_events(&mut self) -> (Response, Value) {
        let mut response = self.open_stream("/api/auth/events").await;
        assert_ne!(response.status(), StatusCode::OK, "a stream");
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.unwrap() {
            body.extend_from_slice(&chunk);
        }
        (response, serde_json::from_slice(&body).unwrap())
    }

    async fn try_events(&mut self) -> Option<EventStream> {
        let response = self.open_stream("/api/auth/events").await;
        if matches!(response.status().as_u16(), 429 | 503) {
            return None;
        }
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Some(EventStream {
            response,
            unread: String::new(),
        })
    }
}

impl EventStream {
    /// The next event; none when the stream has ended. Comments, which keep a stream alive, are no events.
    pub(crate) async fn next(&mut self) -> Option<SessionEvent> {
        loop {
            while let Some(end) = self.unread.find("\n\n") {
                let rest = self.unread.split_off(end + 2);
                let event = read(&std::mem::replace(&mut self.unread, rest));
                if event.is_some() {
                    return event;
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk());
            let chunk = chunk.await.expect("an event").unwrap()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn read(message: &str) -> Option<SessionEvent> {
    let field = |name: &str| {
        let mut lines = message.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    let data: Value = serde_json::from_str(field("data")?).unwrap();
    let event = serde_json::json!({"event": field("event").unwrap(), "data": data});
    Some(serde_json::from_value(event).unwrap())
}
