//! `GET /api/auth/status`: whether this browser is signed in. Asking does not slide the session.
//!
//! Every page of every tab asks this again and again, and it changes nothing, so it asks the store without the session
//! middleware, which is there for who changes something.

use crate::{
    AppState,
    error::Error,
    session::{cookie::Cookies, signed_in::SignedIn},
};
use axum::{Json, extract::State};
use shared::AuthStatus;

pub(crate) async fn show(
    State(app): State<AppState>,
    cookies: Cookies,
) -> Result<Json<AuthStatus>, Error> {
    let now = app.clock.unix();
    let signed_in = match cookies.session_id(&app.cookie_names) {
        Some(id) => app.store.text(&id).await?,
        None => None,
    };
    let signed_in = signed_in.and_then(|text| SignedIn::of_text(&text, now, &app.lifetimes));
    Ok(Json(signed_in.map_or(AuthStatus::SignedOut, |who| {
        who.status(now, &app.lifetimes)
    })))
}
