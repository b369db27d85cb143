//! `GET /api/auth/status`: whether this browser is signed in. Asking does not slide the session.

use crate::{AppState, error::Error, session::signed_in::SignedIn};
use axum::{Json, extract::State};
use shared::AuthStatus;
use tower_sessions::Session;

pub(crate) async fn show(
    State(app): State<AppState>,
    session: Session,
) -> Result<Json<AuthStatus>, Error> {
    let now = app.clock.unix();
    let signed_in = SignedIn::load(&session, now, &app.lifetimes).await?;
    Ok(Json(signed_in.map_or(AuthStatus::SignedOut, |who| {
        who.status(now, &app.lifetimes)
    })))
}
