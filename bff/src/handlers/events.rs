//! `GET /api/auth/events`: sends the open pages of a session what happens to it (server-sent events).

use crate::{
    AppState,
    error::Error,
    request::csrf,
    session::{layer::CurrentSession, signed_in::SignedIn},
};
use axum::{
    extract::State,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL};
use serde::Deserialize;
use session_store::{Notice, SessionNames};
use sha2::{Digest, Sha256};
use shared::{
    ClaimsChanged, EXPIRING_SOON, SessionEvent, SessionTimes, SignedOut, SignedOutReason,
};
use std::{convert::Infallible, time::Duration};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use tower_sessions::session::Id;

/// How often a stream loads its session: no notice says that a session has expired, and a notice may be lost.
const LOAD_EVERY: Duration = Duration::from_secs(15);
/// How often a quiet stream sends a comment, because some proxies close a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long to wait for the notice of an end: a session is deleted before its end is published.
const NOTICE_DELAY: Duration = Duration::from_millis(500);
/// No cache stores a stream, and nginx does not buffer it.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    ),
];

pub(crate) async fn stream(
    State(app): State<AppState>,
    session: CurrentSession,
    headers: HeaderMap,
) -> Result<Response, Error> {
    // A page of a sibling site could read nothing here, but it could hold streams open in its visitor's name.
    if csrf::is_from_elsewhere(&headers, app.base_url.origin()) {
        return Err(csrf::refusal());
    }
    // Before the session is loaded, so that no notice is missed in between.
    let notices = app.sessions.store.subscribe();
    // Not a visit: a page that is left open does not keep the session alive.
    let (id, who) = session.signed_in().await?.ok_or(Error::NOT_SIGNED_IN)?;
    let slot = app.stream_limit.take(id)?;
    let (events, sent) = mpsc::channel(8);
    let follower = Follower {
        app: app.clone(),
        id,
        names: who.names(&id),
        notices,
        events,
        known_claims: hash_of(&who),
        known_end: None,
    };
    // It runs as long as the page is open, so it is no part of this request's trace.
    app.tasks.spawn_apart(follower.follow());
    // The stream owns the slot, not the task: the slot is free again when the connection drops the stream.
    let sent = ReceiverStream::new(sent).map(move |event| {
        let _ = &slot;
        Ok::<_, Infallible>(wire(event))
    });
    let stream = Sse::new(sent).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok((HEADERS, stream).into_response())
}

/// Follows one session, and sends an open page what happens to it.
struct Follower {
    app: AppState,
    id: Id,
    names: SessionNames,
    notices: broadcast::Receiver<Notice>,
    events: mpsc::Sender<SessionEvent>,
    /// The claims and scopes that the page has, or that it loads after the last event.
    known_claims: ClaimsHash,
    /// The end, in seconds since 1970, that the page was warned of.
    known_end: Option<i64>,
}

/// A hash, because there may be thousands of streams, and each only compares.
type ClaimsHash = [u8; 32];

fn hash_of(who: &SignedIn) -> ClaimsHash {
    // What was read from JSON can be written as JSON.
    Sha256::digest(serde_json::to_vec(&who.facts()).unwrap_or_default()).into()
}

/// The session has ended, or the page was closed: there is nothing more to send.
struct Over;

impl Follower {
    async fn follow(mut self) {
        let stopping = self.app.stopping.clone();
        let mut ticks = tokio::time::interval(LOAD_EVERY);
        loop {
            let next = tokio::select! {
                notice = self.notices.recv() => match notice {
                    Ok(notice) => self.send_notice(&notice).await,
                    Err(RecvError::Lagged(_)) => self.check().await,
                    Err(RecvError::Closed) => Err(Over),
                },
                _ = ticks.tick() => self.check().await,
                () = stopping.cancelled() => Err(Over),
                () = self.events.closed() => Err(Over),
            };
            if next.is_err() {
                return;
            }
        }
    }

    async fn send_notice(&mut self, notice: &Notice) -> Result<(), Over> {
        match self.event_of(notice) {
            Some(SessionEvent::SignedOut(SignedOut { reason })) => self.send_end(reason).await,
            Some(SessionEvent::ClaimsChanged(_)) => match self.load().await {
                // The page cannot load its claims now either. It gets the event again when the store is back.
                Err(_) => self.send_claims_changed().await,
                Ok(who) => self.send_changes(who).await,
            },
            Some(SessionEvent::Expiring(_)) | None => Ok(()),
        }
    }

    /// What a notice says about this session. `None` if it is about others.
    fn event_of(&self, notice: &Notice) -> Option<SessionEvent> {
        let is_ours = self.names.are_in(notice.affected);
        let message = is_ours.then_some(&notice.message)?;
        SessionEvent::deserialize(message).ok()
    }

    /// Loads the session and sends what has changed. After a fault of the store it sends nothing: a fault signs nobody out.
    async fn check(&mut self) -> Result<(), Over> {
        match self.load().await {
            Err(_) => Ok(()),
            Ok(who) => self.send_changes(who).await,
        }
    }

    async fn load(&self) -> Result<Option<SignedIn>, Error> {
        self.app.sessions.load(&self.id).await
    }

    /// Sends what the page does not know yet.
    async fn send_changes(&mut self, who: Option<SignedIn>) -> Result<(), Over> {
        let Some(who) = who else {
            let reason = tokio::time::timeout(NOTICE_DELAY, self.next_end()).await;
            let reason = reason.unwrap_or(SignedOutReason::Expired);
            return self.send_end(reason).await;
        };
        let claims = hash_of(&who);
        if claims != self.known_claims {
            self.known_claims = claims;
            self.send_claims_changed().await?;
        }
        let now = self.app.clock.unix();
        self.warn(now, who.times.remaining(now, &self.app.sessions.lifetimes))
            .await
    }

    /// Why the session has ended, from the notice about that.
    async fn next_end(&mut self) -> SignedOutReason {
        loop {
            match self.notices.recv().await {
                Ok(notice) => {
                    if let Some(SessionEvent::SignedOut(end)) = self.event_of(&notice) {
                        return end.reason;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return SignedOutReason::Expired,
            }
        }
    }

    async fn warn(&mut self, now: i64, times: SessionTimes) -> Result<(), Over> {
        let end = now + times.idle_expires_in;
        if times.idle_expires_in > EXPIRING_SOON || self.known_end == Some(end) {
            return Ok(());
        }
        self.known_end = Some(end);
        self.send(SessionEvent::Expiring(times)).await
    }

    async fn send_end(&self, reason: SignedOutReason) -> Result<(), Over> {
        self.send(SessionEvent::SignedOut(SignedOut { reason }))
            .await?;
        Err(Over)
    }

    async fn send_claims_changed(&self) -> Result<(), Over> {
        let event = SessionEvent::ClaimsChanged(ClaimsChanged {});
        self.send(event).await
    }

    async fn send(&self, event: SessionEvent) -> Result<(), Over> {
        self.events.send(event).await.map_err(|_| Over)
    }
}

/// The event's name and data, in the fields that server-sent events have for them.
fn wire(event: SessionEvent) -> Event {
    let json = serde_json::json!(event);
    let name = json["event"].as_str().unwrap_or_default();
    Event::default().event(name).data(json["data"].to_string())
}
