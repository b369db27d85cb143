//! `GET /api/auth/status`: whether this browser is signed in. Asking is no visit: it does not keep the session alive.

use crate::{AppState, error::Error, session::layer::CurrentSession};
use axum::{Json, extract::State};
use shared::AuthStatus;

pub(crate) async fn show(
    State(app): State<AppState>,
    session: CurrentSession,
) -> Result<Json<AuthStatus>, Error> {
    let now = app.clock.unix();
    let lifetimes = &app.sessions.lifetimes;
    let signed_in = session.signed_in().await?;
    Ok(Json(signed_in.map_or(AuthStatus::SignedOut, |(_, who)| {
        who.status(now, lifetimes)
    })))
}
