//! `POST /backchannel-logout`: the provider ends sessions (OpenID Connect Back-Channel Logout 1.0, section 2.5).
//! No cookie and no page of ours is involved; the signature says who speaks.

use crate::{AppState, error::Error};
use axum::{
    body::Bytes,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, StatusCode};
use oidc_rp::{LogoutToken, read_logout_request};
use session_store::Group;
use shared::{ProblemCode, SignedOutReason};

/// Refuses more tokens from an address that has sent too many bad ones: verifying a signature takes time, and anybody may
/// post a token. Good tokens do not count, because the provider posts one for each session that ends.
pub(crate) async fn limit(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let client = app.trusted_proxies.client_of(&request);
    let refused = &app.refused_logout_tokens;
    refused.check_without_counting(client, app.clock.unix())?;
    let response = next.run(request).await;
    if response.status().is_client_error() {
        refused.count(client, app.clock.unix());
    }
    Ok(response)
}

/// 200 when the sessions have ended or were not there, 400 when the token is refused, 503 when the provider
/// should try again (sections 2.7 and 2.8).
pub(crate) async fn end(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let ended = end_sessions(&app, &headers, &body).await;
    app.metrics
        .back_channel_logouts
        .count(Error::outcome(&ended));
    ended
}

async fn end_sessions(
    app: &AppState,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<StatusCode, Error> {
    let unverified_token = read_logout_request(headers, body)
        .ok_or(Error::Refused(ProblemCode::InvalidLogoutToken))?;
    let LogoutToken {
        sub,
        sid,
        jti,
        expires_at,
    } = app.oidc.verify_logout_token(&unverified_token).await?;
    if app.sessions.store.is_used(&jti).await? {
        return Err(Error::Refused(ProblemCode::InvalidLogoutToken));
    }
    let group = match (&sid, &sub) {
        (Some(sid), Some(sub)) if app.sessions.end_provider_session(sid, sub).await? => None,
        (Some(_), Some(_)) => return Err(Error::Refused(ProblemCode::InvalidLogoutToken)),
        (Some(sid), None) => Some(Group::provider_session(sid)),
        (None, sub) => sub.as_deref().map(Group::subject),
    };
    if let Some(group) = group {
        let reason = SignedOutReason::Provider;
        app.sessions.end_group(group, reason).await?;
    }
    // Marked last: if ending failed, the provider's next try with this token must not be taken for a replay.
    app.sessions.store.mark_used(&jti, expires_at).await?;
    tracing::info!(event = "back_channel_logout.done");
    Ok(StatusCode::OK)
}
