//! `POST /sign-out`: ends the session here first, then at the provider.

use crate::{
    AppState,
    error::Error,
    navigation::is_form,
    return_to::see_other,
    session::{cookie::Cookies, pending_sign_in::PendingSignIns, signed_in::SignedIn},
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use shared::{SignOutRequest, SignOutResponse, SignedOutReason};
use std::time::Duration;
use tower_sessions::Session;

/// A person who signs out does not wait longer for the provider.
const PATIENCE: Duration = Duration::from_secs(3);
/// Where a person goes who has no session to end at the provider.
const HOME: &str = "/";

pub(crate) async fn end(
    State(app): State<AppState>,
    session: Session,
    cookies: Cookies,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let by_form = is_form(&headers);
    let SignOutRequest { everywhere } = if by_form {
        SignOutRequest::default()
    } else {
        read_body(&body)?
    };
    let now = app.clock.unix();
    let signed_in = SignedIn::load(&session, now, &app.lifetimes).await?;
    // The others first: if that fails, this session is still there to try again with.
    if let Some(who) = signed_in.as_ref().filter(|_| everywhere) {
        let sub = &who.claims.sub;
        app.store
            .end_all_of(sub, SignedOutReason::Everywhere)
            .await?;
    }
    session.flush().await?;
    let redirect_to = match signed_in {
        Some(who) => end_at_provider(&app, who).await,
        None => HOME.to_owned(),
    };
    // A sign-in that was begun before must not sign in again.
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, &cookies, now);
    let removals = pendings
        .remove_all()
        .into_iter()
        .map(|cookie| (SET_COOKIE, cookie));
    let answer = if by_form {
        see_other(&redirect_to)
    } else {
        Json(SignOutResponse { redirect_to }).into_response()
    };
    Ok((AppendHeaders(removals), answer).into_response())
}

/// Revokes what outlives the provider's session, and says where that session ends. It goes on when the person
/// has left or waits no longer.
async fn end_at_provider(app: &AppState, who: SignedIn) -> String {
    let task_app = app.clone();
    let ending = app.tasks.spawn(async move {
        let app = task_app;
        let url = app.oidc.end_session_url(&who.id_token.0).await;
        if let Some(refresh_token) = who.refresh_token {
            app.oidc.revoke(refresh_token).await;
        }
        url
    });
    match tokio::time::timeout(PATIENCE, ending).await {
        Ok(Ok(Some(url))) => url.into(),
        _ => HOME.to_owned(),
    }
}

fn read_body(body: &[u8]) -> Result<SignOutRequest, Error> {
    if body.is_empty() {
        return Ok(SignOutRequest::default());
    }
    serde_json::from_slice(body).map_err(|_| {
        Error::InvalidRequest("the body is not {\"everywhere\":true} or {}".to_owned())
    })
}
