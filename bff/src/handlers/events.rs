//! `GET /api/auth/events`: what happens to this session, told to its open pages when it happens (server-sent events).

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
use session_store::{Notice, SessionKeys};
use sha2::{Digest, Sha256};
use shared::{
    ClaimsChanged, EXPIRING_SOON, ProblemCode, SessionEvent, SessionTimes, SignedOut,
    SignedOutReason,
};
use std::{convert::Infallible, time::Duration};
use tokio::sync::{broadcast, mpsc};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use tower_sessions::session::Id;

/// How often a stream looks at its session by itself: for an end that nobody tells, like that of its time, and for
/// notices that were lost.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How often a quiet stream says that it is there, for proxies that close what says nothing.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A session is deleted first and told of then: so long a notice may be on its way.
const ON_ITS_WAY: Duration = Duration::from_millis(500);
/// Nobody keeps a stream, and nginx does not hold events back.
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
    // A page of a sibling site could read nothing here, but hold streams open in its visitor's name.
    if csrf::is_from_elsewhere(&headers, app.base_url.origin()) {
        return Err(csrf::refusal());
    }
    // Subscribed first, so that no notice falls between the look and the stream.
    let notices = app.sessions.store.subscribe();
    // Not a visit: a page that is open and forgotten does not keep the session alive.
    let signed_in = session.signed_in().await?;
    let (id, who) = signed_in.ok_or(Error::Refused(ProblemCode::NotSignedIn))?;
    let slot = app.stream_limit.take(id)?;
    let (events, told) = mpsc::channel(8);
    let page = Page {
        app: app.clone(),
        id,
        keys: who.keys(&id),
        events,
        known_claims: hash_of(&who),
        expiring_told_for: None,
    };
    // As long as the page is open: that is no part of this request's trace.
    app.tasks.spawn_apart(page.follow(notices));
    // The stream has the slot, not the task: it is given back when the connection drops the stream.
    let told = ReceiverStream::new(told).map(move |event| {
        let _ = &slot;
        Ok::<_, Infallible>(wire(event))
    });
    let stream = Sse::new(told).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok((HEADERS, stream).into_response())
}

/// An open page of one session.
struct Page {
    app: AppState,
    id: Id,
    keys: SessionKeys,
    events: mpsc::Sender<SessionEvent>,
    /// The claims and scopes that the page has, or has been told to ask for.
    known_claims: ClaimsHash,
    /// The end, in seconds since 1970, of which the page knows that it is near.
    expiring_told_for: Option<i64>,
}

/// A stream needs to know only whether they are the same, and there may be thousands of streams.
type ClaimsHash = [u8; 32];

fn hash_of(who: &SignedIn) -> ClaimsHash {
    // What came from JSON becomes JSON.
    Sha256::digest(serde_json::to_vec(&who.facts()).unwrap_or_default()).into()
}

/// The session has ended, or the page has been closed: there is nothing more to tell.
struct Over;

impl Page {
    async fn follow(mut self, mut notices: broadcast::Receiver<Notice>) {
        let stopping = self.app.stopping.clone();
        let closed = self.events.clone();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            let next = tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(notice) => self.tell(notice, &mut notices).await,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.look(&mut notices).await,
                    Err(broadcast::error::RecvError::Closed) => Err(Over),
                },
                _ = looks.tick() => self.look(&mut notices).await,
                () = stopping.cancelled() => Err(Over),
                () = closed.closed() => Err(Over),
            };
            if next.is_err() {
                return;
            }
        }
    }

    async fn tell(
        &mut self,
        notice: Notice,
        notices: &mut broadcast::Receiver<Notice>,
    ) -> Result<(), Over> {
        match self.event_of(&notice) {
            Some(SessionEvent::SignedOut(SignedOut { reason })) => self.ended(reason).await,
            Some(SessionEvent::ClaimsChanged(_)) => match self.load().await {
                // Sent anyway, and again when the store is back: until then the page could not ask either.
                Err(_) => self.send_claims_changed().await,
                Ok(who) => self.compare(who, notices).await,
            },
            Some(SessionEvent::Expiring(_)) | None => Ok(()),
        }
    }

    /// What a notice says about this session. `None` if it is about others.
    fn event_of(&self, notice: &Notice) -> Option<SessionEvent> {
        let message = self
            .keys
            .are_in(notice.audience)
            .then_some(&notice.message)?;
        SessionEvent::deserialize(message).ok()
    }

    /// A store that does not answer tells nothing: a fault signs nobody out.
    async fn look(&mut self, notices: &mut broadcast::Receiver<Notice>) -> Result<(), Over> {
        match self.load().await {
            Err(_) => Ok(()),
            Ok(who) => self.compare(who, notices).await,
        }
    }

    async fn load(&self) -> Result<Option<SignedIn>, Error> {
        self.app.sessions.load(&self.id).await
    }

    /// Tells whatever the page does not know yet.
    async fn compare(
        &mut self,
        who: Option<SignedIn>,
        notices: &mut broadcast::Receiver<Notice>,
    ) -> Result<(), Over> {
        let Some(who) = who else {
            let told = tokio::time::timeout(ON_ITS_WAY, self.told_reason(notices)).await;
            return self.ended(told.unwrap_or(SignedOutReason::Expired)).await;
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

    /// Why the session has ended, from the notice that says so.
    async fn told_reason(&self, notices: &mut broadcast::Receiver<Notice>) -> SignedOutReason {
        loop {
            match notices.recv().await {
                Ok(notice) => {
                    if let Some(SessionEvent::SignedOut(ended)) = self.event_of(&notice) {
                        return ended.reason;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return SignedOutReason::Expired,
            }
        }
    }

    async fn warn(&mut self, now: i64, times: SessionTimes) -> Result<(), Over> {
        let end = now + times.idle_expires_in;
        if times.idle_expires_in > EXPIRING_SOON || self.expiring_told_for == Some(end) {
            return Ok(());
        }
        self.expiring_told_for = Some(end);
        self.send(SessionEvent::Expiring(times)).await
    }

    async fn ended(&self, reason: SignedOutReason) -> Result<(), Over> {
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
