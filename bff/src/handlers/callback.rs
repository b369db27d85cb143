//! `GET /callback`: the authorization response. Ends in a session, or on `/sign-in-failed` with the reason.

use crate::{
    AppState,
    error::Error,
    handlers::sign_out::end_and_revoke,
    request::{cookies::Cookies, device::device_of},
    return_to::ReturnTo,
    session::{
        abandoned_sign_in::UnclaimedSignIn,
        layer::CurrentSession,
        pending_sign_in::{LEEWAY_SECONDS, LIFETIME_SECONDS, PendingSignIn, PendingSignIns},
    },
};
use axum::{
    extract::{RawQuery, State},
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE};
use oidc_rp::{AuthorizationResponse, IdentityTokens, Outcome};
use openidconnect::{Nonce, PkceCodeVerifier};
use shared::{Device, ProblemCode, SignedOutReason};
use std::time::Duration;
use tower_sessions::session::Id;

/// The time limit of all requests to the provider together: shorter than a request's own, so that the browser gets a response.
const DEADLINE: Duration = Duration::from_secs(15);

pub(crate) async fn finish(
    State(app): State<AppState>,
    session: CurrentSession,
    cookies: Cookies,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let response = AuthorizationResponse::read(query.as_deref().unwrap_or_default());
    let now = app.clock.unix_milliseconds();
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, &cookies, now);
    let state = response.unverified_state.as_deref().unwrap_or_default();
    let (return_to, is_silent, signed_in, removal) = match pendings.take(state) {
        Ok((pending, removal)) => {
            let (return_to, is_silent) = (pending.return_to.clone(), pending.is_silent);
            let device = device_of(&headers);
            let signed_in = sign_in(&app, session.id(), response, pending, device).await;
            (return_to, is_silent, signed_in, Some(removal))
        }
        Err(unknown) => (ReturnTo::home(), false, Err(unknown), None),
    };
    app.metrics.sign_ins.count(Error::outcome(&signed_in));
    let answer = match signed_in {
        Ok(session) => {
            let cookie = (SET_COOKIE, session_cookie(&app, session));
            (AppendHeaders([cookie]), return_to.redirect()).into_response()
        }
        // The page asked whether somebody is signed in at the provider, and nobody is.
        Err(error) if is_silent && error.code() == ProblemCode::InteractionRequired => {
            return_to.redirect()
        }
        Err(error) => {
            error.log();
            // The back button, a reload or a second tab requests a callback that was used.
            let is_used = matches!(error, Error::UnknownSignIn(_));
            if is_used && matches!(session.signed_in().await, Ok(Some(_))) {
                return_to.redirect()
            } else {
                return_to.sign_in_failed(error.code().as_str())
            }
        }
    };
    // The pending sign-in is used up, whether it succeeded or not.
    let removal = removal.map(|cookie| (SET_COOKIE, cookie));
    (AppendHeaders(removal), answer).into_response()
}

fn session_cookie(app: &AppState, session: Id) -> HeaderValue {
    let lifetime = app.sessions.lifetimes.lifetime;
    app.cookie_names.set_session(session, lifetime)
}

/// The `state` belongs to this browser. It is used once. The session that the browser had before ends.
async fn sign_in(
    app: &AppState,
    previous: Option<Id>,
    response: AuthorizationResponse,
    pending: PendingSignIn,
    device: Device,
) -> Result<Id, Error> {
    // A cookie can be sent twice at once; the store knows which request was first.
    let state = response.unverified_state.as_deref().unwrap_or_default();
    let forgotten_at = app.clock.unix() + i64::from(LIFETIME_SECONDS + 2 * LEEWAY_SECONDS);
    let marked = app.sessions.store.mark_used(state, forgotten_at).await?;
    let begun = marked.ok_or(Error::UnknownSignIn("its state was used before"))?;
    let task_app = app.clone();
    // The task continues if the browser hangs up, because the provider issues its tokens anyway. If nobody waits for the
    // task any more, its result is dropped, which takes the sign-in back.
    let signing_in = app.tasks.spawn(async move {
        let app = task_app;
        let PendingSignIn {
            nonce,
            pkce_verifier,
            ..
        } = pending;
        let identifying = identify(&app, response, pkce_verifier, &nonce);
        let identified = tokio::time::timeout(DEADLINE, identifying).await;
        let too_slow = |_| Err(Error::ProviderUnavailable("too slow".to_owned()));
        let tokens = identified.unwrap_or_else(too_slow)?;
        let refresh_token = tokens.refresh_token.clone();
        let (sessions, oidc, tasks) = (app.sessions.clone(), app.oidc.clone(), app.tasks.clone());
        let mut unclaimed = UnclaimedSignIn::new(sessions, oidc, tasks, refresh_token);
        let id = app.sessions.begin(tokens, device, begun).await?;
        unclaimed.session_began(id);
        Ok::<_, Error>(unclaimed)
    });
    let unclaimed = signing_in.await??;
    if let Some(previous) = previous {
        end_and_revoke(app, (&previous).into(), SignedOutReason::SignedOut).await?;
    }
    let id = unclaimed
        .claim()
        .ok_or(Error::Refused(ProblemCode::Internal))?;
    tracing::info!(event = "sign_in.done");
    Ok(id)
}

/// The issuer is checked before the code is used (RFC 9207, section 2.4).
async fn identify(
    app: &AppState,
    response: AuthorizationResponse,
    pkce_verifier: PkceCodeVerifier,
    nonce: &Nonce,
) -> Result<IdentityTokens, Error> {
    if !app.oidc.is_from_issuer(&response).await? {
        return Err(Error::Refused(ProblemCode::InvalidResponse));
    }
    match response.outcome {
        Outcome::Code(code) => {
            let exchanged = app.oidc.exchange(code, pkce_verifier, nonce).await;
            exchanged.map_err(Error::Exchange)
        }
        Outcome::Refused(error) => Err(Error::AuthorizationResponse(error)),
        Outcome::Malformed => Err(Error::Refused(ProblemCode::InvalidResponse)),
    }
}
