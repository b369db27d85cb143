//! `POST /sign-out`: ends the session here first, then at the provider.

use crate::{
    AppState,
    error::Error,
    handlers::page,
    page::audience::Audience,
    request::{cookies::Cookies, fetch_metadata::is_form},
    return_to::see_other,
    session::{layer::CurrentSession, pending_sign_in::PendingSignIns, signed_in::SignedIn},
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use session_store::{Group, SessionKey};
use shared::{SignOutRequest, SignOutResponse, SignedOutReason, path};
use std::time::Duration;
use tokio::task::JoinHandle;
use tower_sessions::session::Id;
use url::Url;

/// A person who signs out does not wait longer for the provider.
const PATIENCE: Duration = Duration::from_secs(3);

pub(crate) async fn end(
    State(app): State<AppState>,
    session: CurrentSession,
    cookies: Cookies,
    audience: Audience,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = is_form(&headers);
    // A person who sent a form reads a page.
    match sign_out(&app, &session, &cookies, (!form).then_some(&body)).await {
        Ok(answer) => answer,
        Err(error) => page::refuse(&app, &session, &audience, &error).await,
    }
}

/// A form of our page has no options, and its browser is redirected. A script gets the address as JSON.
async fn sign_out(
    app: &AppState,
    session: &CurrentSession,
    cookies: &Cookies,
    script: Option<&Bytes>,
) -> Result<Response, Error> {
    let SignOutRequest { everywhere } = match script {
        None => SignOutRequest::default(),
        Some(body) => read_body(body)?,
    };
    let redirect_to = if let Some((id, who)) = session.signed_in().await? {
        let task_app = app.clone();
        // The task continues if the browser hangs up: what is deleted here must not live on at the provider.
        let ending = app
            .tasks
            .spawn(async move { end_here(&task_app, id, who, everywhere).await });
        address_at_provider(ending.await??).await
    } else {
        // A row that this version cannot read may be alive for another one, and of several cookies each may be.
        for id in cookies.session_ids(&app.cookie_names).into_iter().take(4) {
            end_and_revoke(app, (&id).into(), SignedOutReason::SignedOut).await?;
        }
        path::HOME.to_owned()
    };
    // A sign-in that was begun before must not sign in again.
    let now = app.clock.unix_milliseconds();
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, cookies, now);
    let session = cookies.named(&app.cookie_names.session).next();
    let session = session.map(|_| app.cookie_names.remove_session());
    let removals = pendings.remove_all().into_iter().chain(session);
    let removals = removals.map(|cookie| (SET_COOKIE, cookie));
    let answer = match script {
        None => see_other(&redirect_to),
        Some(_) => Json(SignOutResponse { redirect_to }).into_response(),
    };
    Ok((AppendHeaders(removals), answer).into_response())
}

/// Ends the session, and all others of the person when it is everywhere, and goes on to end what the provider has.
async fn end_here(
    app: &AppState,
    id: Id,
    who: SignedIn,
    everywhere: bool,
) -> Result<JoinHandle<Option<Url>>, Error> {
    // All of the person's sessions, this one included, in one step: if that fails, the person can try again.
    if everywhere {
        let person = Group::subject(&who.claims.sub);
        let reason = SignedOutReason::Everywhere;
        let ended = app.sessions.end_group(person, reason).await?;
        // There may be many, and the person does not wait for them.
        app.tasks.spawn(revoke_all(app.clone(), ended));
    }
    let ended = app.sessions.end(&id, SignedOutReason::SignedOut).await?;
    let task_app = app.clone();
    Ok(app.tasks.spawn(async move {
        let url = task_app.oidc.end_session_url(&who.id_token.0).await;
        revoke_all(task_app, ended).await;
        url
    }))
}

/// Where the provider's session ends. A person who signs out does not wait long for the provider.
async fn address_at_provider(ending: JoinHandle<Option<Url>>) -> String {
    match tokio::time::timeout(PATIENCE, ending).await {
        Ok(Ok(Some(url))) => url.into(),
        _ => path::HOME.to_owned(),
    }
}

/// Ends one session, and revokes its refresh token later. The task continues if the browser hangs up: what is deleted here must
/// not live on at the provider.
pub(super) async fn end_and_revoke(
    app: &AppState,
    key: SessionKey,
    reason: SignedOutReason,
) -> Result<(), Error> {
    let task_app = app.clone();
    let ending = app.tasks.spawn(async move {
        let ended = task_app.sessions.end(key, reason).await?;
        task_app.tasks.spawn(revoke_all(task_app.clone(), ended));
        Ok(())
    });
    ending.await?
}

/// Revokes the refresh tokens of sessions that have ended.
pub(super) async fn revoke_all(app: AppState, ended: impl IntoIterator<Item = SignedIn>) {
    for who in ended {
        if let Some(refresh_token) = who.refresh_token {
            app.oidc.revoke(refresh_token).await;
        }
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
