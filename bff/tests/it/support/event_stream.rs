//! An open page's stream of server-sent events.

use super::TestBrowser;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use shared::SessionEvent;
use std::time::Duration;

/// What a story that waits for nothing fails after.
const PATIENCE: Duration = Duration::from_secs(10);

/// A stream under way.
pub(crate) struct EventStream {
    response: Response,
    unread: String,
}

impl TestBrowser {
    /// A page opens its stream.
    pub(crate) async fn events(&mut self) -> EventStream {
        let response = self.open_stream("/api/auth/events").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        EventStream {
            response,
            unread: String::new(),
        }
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
