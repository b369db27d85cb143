//! `/api/auth/sessions`: a person's own sessions, on all of their devices.

use super::sign_out::revoke_all;
use crate::{
    AppState,
    error::Error,
    session::{
        signed_in::SignedIn,
        store::{Found, Store},
    },
};
use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use shared::{ProblemCode, SessionInfo, Sessions, SignedOutReason};
use tower_sessions::Session;

/// `GET`: the list, the last seen first.
pub(crate) async fn list(
    State(app): State<AppState>,
    session: Session,
) -> Result<Json<Sessions>, Error> {
    let (current, found) = own_sessions(&app, &session).await?;
    let now = app.clock.unix();
    let info = |found: Found| {
        let handle = found.handle();
        let is_current = handle == current;
        Some(SignedIn::of(found.content, now, &app.lifetimes)?.info(handle, is_current))
    };
    let mut sessions: Vec<SessionInfo> = found.into_iter().filter_map(info).collect();
    sessions.sort_by_key(|session| (-session.last_seen_at, -session.created_at));
    Ok(Json(Sessions { sessions }))
}

/// `DELETE`: ends one, and what the provider gave for it. The one that asks is ended by `/sign-out`, which also ends
/// the provider's session; ended here it is only gone here.
pub(crate) async fn end(
    State(app): State<AppState>,
    session: Session,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let (current, found) = own_sessions(&app, &session).await?;
    let found = found
        .into_iter()
        .find(|found| found.handle() == id)
        .ok_or(Error::Refused(ProblemCode::NotFound))?;
    let is_current = id == current;
    let why = if is_current {
        SignedOutReason::SignedOut
    } else {
        SignedOutReason::EndedElsewhere
    };
    let task_app = app.clone();
    // It goes on when the browser hangs up: what is deleted here must not live on at the provider.
    let ending = app.tasks.spawn(async move {
        let ended = task_app.store.end(&found, why).await?;
        task_app.tasks.spawn(revoke_all(task_app.clone(), ended));
        Ok::<_, Error>(())
    });
    ending
        .await
        .unwrap_or(Err(Error::Refused(ProblemCode::Internal)))?;
    if is_current {
        session.flush().await?;
    }
    tracing::info!(event = "session.ended_by_person");
    Ok(StatusCode::NO_CONTENT)
}

/// The name of the session that asks, and all of the same person.
async fn own_sessions(app: &AppState, session: &Session) -> Result<(String, Vec<Found>), Error> {
    let who = SignedIn::load(session, app.clock.unix(), &app.lifetimes).await?;
    let (Some(id), Some(who)) = (session.id(), who) else {
        return Err(Error::Refused(ProblemCode::NotSignedIn));
    };
    let found = app.store.sessions_of(&who.claims.sub).await?;
    Ok((Store::handle(&id), found))
}
