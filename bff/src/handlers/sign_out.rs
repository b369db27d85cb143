//! `POST /sign-out`: ends the session here first, then at the provider.

use crate::{
    AppState,
    error::Error,
    handlers::page,
    page::reader::Reader,
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
const TIMEOUT: Duration = Duration::from_secs(3);
/// Sessions that one request ends. A browser has one cookie of ours; other servers of an http host may have set more.
const MOST: usize = 16;

pub(crate) async fn end(
    State(app): State<AppState>,
    session: CurrentSession,
    cookies: Cookies,
    reader: Reader,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = is_form(&headers);
    // A person who sent a form reads a page.
    match sign_out(&app, &cookies, (!form).then_some(&body)).await {
        Ok(answer) => answer,
        Err(error) => page::refuse(&app, &session, &reader, &error).await,
    }
}

/// A form of our page has no options, and its browser is redirected. A script gets the address as JSON.
async fn sign_out(
    app: &AppState,
    cookies: &Cookies,
    script: Option<&Bytes>,
) -> Result<Response, Error> {
    let SignOutRequest { everywhere } = match script {
        None => SignOutRequest::default(),
        Some(body) => read_body(body)?,
    };
    let ids = cookies.session_ids(&app.cookie_names);
    if ids.len() > MOST {
        let detail = "there are too many session cookies: remove the cookies of this site";
        return Err(Error::InvalidRequest(detail.to_owned()));
    }
    let mut at_provider = None;
    for id in ids {
        if let Some(who) = app.sessions.load(&id).await? {
            // The task continues if the browser hangs up: what is deleted here must not live on at the provider.
            let ending = app.tasks.spawn(end_here(app.clone(), id, who, everywhere));
            at_provider = Some(ending.await??);
        } else {
            // A row that this version cannot read may be alive for another one.
            end_and_revoke(app, (&id).into(), SignedOutReason::SignedOut).await?;
        }
    }
    let redirect_to = address_at_provider(at_provider).await;
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
    app: AppState,
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
    let tasks = app.tasks.clone();
    Ok(tasks.spawn(async move {
        let url = app.oidc.end_session_url(&who.id_token.0).await;
        revoke_all(app, ended).await;
        url
    }))
}

/// Where the provider's session ends. The home page if there is none, or if the provider is slow.
async fn address_at_provider(ending: Option<JoinHandle<Option<Url>>>) -> String {
    if let Some(ending) = ending
        && let Ok(Ok(Some(url))) = tokio::time::timeout(TIMEOUT, ending).await
    {
        return url.into();
    }
    path::HOME.to_owned()
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
