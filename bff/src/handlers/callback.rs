//! `GET /callback`: the authorization response. Ends in a session, or on `/sign-in-failed` with the reason.

use crate::{
    AppState,
    error::Error,
    request::{
        cookies::{Cookies, NobodySignedIn},
        device::device_of,
    },
    return_to::{ReturnTo, see_other},
    session::{
        abandoned_sign_in::UnclaimedSignIn,
        pending_sign_in::{LIFETIME_SECONDS, PendingSignIn, PendingSignIns},
        signed_in::SignedIn,
        store::Moment,
    },
};
use axum::{
    Extension,
    extract::{RawQuery, State},
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use oidc_rp::{AuthorizationResponse, IdentityTokens, Outcome};
use openidconnect::{Nonce, PkceCodeVerifier};
use shared::{Device, ProblemCode, path};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tower_sessions::Session;

/// How long the provider may take in all: less than any request has, so that an answer is given whatever it does.
const DEADLINE: Duration = Duration::from_secs(15);

pub(crate) async fn finish(
    State(app): State<AppState>,
    session: Session,
    cookies: Cookies,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let response = AuthorizationResponse::read(query.as_deref().unwrap_or_default());
    let now = app.clock.unix();
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, &cookies, now);
    let taken = response
        .unverified_state
        .as_deref()
        .and_then(|state| pendings.take(state));
    let Some((pending, removal)) = taken else {
        let unknown = Err(Error::Refused(ProblemCode::UnknownSignIn));
        return answer(&app, unknown);
    };
    let signed_in = sign_in(&app, &session, response, pending, device_of(&headers)).await;
    // The pending sign-in is used up, whatever came of it.
    let removal = AppendHeaders([(SET_COOKIE, removal)]);
    (removal, answer(&app, signed_in)).into_response()
}

fn answer(app: &AppState, signed_in: Result<ReturnTo, Error>) -> Response {
    app.metrics.sign_ins.count(Error::outcome(&signed_in));
    match signed_in {
        Ok(return_to) => return_to.redirect(),
        Err(error) => failed(&error),
    }
}

/// `state` belongs to this browser, and is used once.
async fn sign_in(
    app: &AppState,
    session: &Session,
    response: AuthorizationResponse,
    pending: PendingSignIn,
    device: Device,
) -> Result<ReturnTo, Error> {
    // A cookie can be sent twice at once; the store knows which was first.
    let state = response.unverified_state.as_deref().unwrap_or_default();
    let forgotten_at = app.clock.unix() + i64::from(LIFETIME_SECONDS);
    let Some(begun) = app.store.mark_used(state, forgotten_at).await? else {
        return Err(Error::Refused(ProblemCode::UnknownSignIn));
    };
    let (task_app, task_session) = (app.clone(), session.clone());
    let hung_up = CancellationToken::new();
    let _waiting = hung_up.clone().drop_guard();
    // It goes on when the browser hangs up, for the provider gives its tokens all the same. What comes of a task that nobody
    // waits for any more is dropped, and so taken back.
    let signing_in = app.tasks.spawn(async move {
        let PendingSignIn {
            nonce,
            pkce_verifier,
            return_to,
            ..
        } = pending;
        let identifying = identify(&task_app, response, pkce_verifier, &nonce);
        let identified = tokio::time::timeout(DEADLINE, identifying).await;
        let too_slow = |_| Err(Error::ProviderUnavailable("too slow".to_owned()));
        let tokens = identified.unwrap_or_else(too_slow)?;
        let mut unclaimed = UnclaimedSignIn::new(&task_app, tokens.refresh_token.clone());
        if hung_up.is_cancelled() {
            // The session that the browser has goes on.
            return Err(Error::Refused(ProblemCode::UnknownSignIn));
        }
        let before = task_session.id();
        let done = begin_session(&task_app, &task_session, tokens, device, begun).await;
        unclaimed.session_began(task_session.id().filter(|id| Some(*id) != before));
        done?;
        Ok((unclaimed, return_to))
    });
    let Ok(signed_in) = signing_in.await else {
        // It panicked: whatever it was doing with the session must not be saved.
        session.clear().await;
        return Err(Error::Refused(ProblemCode::Internal));
    };
    let (unclaimed, return_to) = signed_in?;
    unclaimed.claim();
    tracing::info!(event = "sign_in.done");
    Ok(return_to)
}

/// Begins the session, unless the person's sessions were ended since the sign-in began.
async fn begin_session(
    app: &AppState,
    session: &Session,
    tokens: IdentityTokens,
    device: Device,
    begun: Moment,
) -> Result<(), Error> {
    let (sub, sid) = (
        tokens.identity.claims.sub.clone(),
        tokens.identity.sid.clone(),
    );
    SignedIn::begin(session, tokens, device, app.clock.unix(), &app.lifetimes).await?;
    // Whoever ended the person's sessions meanwhile did not see this one.
    let ended = app.store.ended_since(begun, &sub, sid.as_deref()).await;
    if matches!(ended, Ok(false)) {
        return Ok(());
    }
    // Now and not some time later, for the answer says that nobody is signed in.
    session.flush().await?;
    ended?;
    Err(Error::Refused(ProblemCode::UnknownSignIn))
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
    let refused = match response.outcome {
        Outcome::Code(code) => {
            let exchanged = app.oidc.exchange(code, pkce_verifier, nonce).await;
            return exchanged.map_err(Error::Exchange);
        }
        Outcome::Denied => ProblemCode::AccessDenied,
        Outcome::InteractionRequired => ProblemCode::InteractionRequired,
        Outcome::Refused => ProblemCode::ProviderRefused,
        Outcome::Malformed => ProblemCode::InvalidResponse,
    };
    Err(Error::Refused(refused))
}

fn failed(error: &Error) -> Response {
    error.log();
    let reason = error.code().as_str();
    let place = format!("{}?reason={reason}", path::SIGN_IN_FAILED);
    (Extension(NobodySignedIn), see_other(&place)).into_response()
}
