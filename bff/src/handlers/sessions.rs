//! `/api/auth/sessions`: a person's own sessions, on all of their devices.

use super::sign_out::end_and_revoke;
use crate::{
    AppState,
    error::Error,
    session::{layer::CurrentSession, signed_in::SignedIn},
};
use axum::{
    Json,
    extract::{Path, State},
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{StatusCode, header::SET_COOKIE};
use session_store::SessionKey;
use shared::{ProblemCode, SessionInfo, Sessions, SignedOutReason};

/// `GET`: the list, the last seen first.
pub(crate) async fn list(
    State(app): State<AppState>,
    session: CurrentSession,
) -> Result<Json<Sessions>, Error> {
    let (current, own) = own_sessions(&app, &session).await?;
    let now = app.clock.unix();
    let info = |(key, who): (SessionKey, SignedIn)| who.info(key.handle(), key == current, now);
    let mut sessions: Vec<SessionInfo> = own.into_iter().map(info).collect();
    sessions.sort_by_key(|session| (-session.last_seen_at, -session.created_at));
    Ok(Json(Sessions { sessions }))
}

/// `DELETE`: ends one session here, and revokes its refresh token. Only `/sign-out` also ends the provider's session.
pub(crate) async fn end(
    State(app): State<AppState>,
    session: CurrentSession,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let (current, own) = own_sessions(&app, &session).await?;
    let named = own.into_iter().find(|(key, _)| key.handle() == id);
    let (key, _) = named.ok_or(Error::Refused(ProblemCode::NotFound))?;
    let is_current = key == current;
    let reason = if is_current {
        SignedOutReason::SignedOut
    } else {
        SignedOutReason::EndedElsewhere
    };
    end_and_revoke(&app, key, reason).await?;
    tracing::info!(event = "session.ended_by_person");
    let removal = is_current.then(|| (SET_COOKIE, app.cookie_names.remove_session()));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(removal)).into_response())
}

/// The session of this request, and the sessions of the same person that are listed. It is one of them.
async fn own_sessions(
    app: &AppState,
    session: &CurrentSession,
) -> Result<(SessionKey, Vec<(SessionKey, SignedIn)>), Error> {
    let (id, who) = session.require().await?;
    let current = SessionKey::from(&id);
    let mut own = app.sessions.of_person(&who.claims.sub).await?;
    if own.iter().all(|(key, _)| *key != current) {
        own.push((current, who));
    }
    Ok((current, own))
}
