//! A session's access token, renewed when it has to be (RFC 6749, section 6). Two requests of one session refresh once.

use crate::{AppState, error::Error, oidc::TokenError, session::signed_in::SignedIn};
use openidconnect::AccessToken;
use shared::ProblemCode;
use tower_sessions::Session;

/// Who is signed in, with an access token that has not expired.
pub(crate) async fn fresh(app: &AppState, session: &Session) -> Result<SignedIn, Error> {
    let who = signed_in(app, session).await?;
    if who.needs_renewal(app.clock.unix()) {
        renewed(app, session, &who.access_token).await
    } else {
        Ok(who)
    }
}

/// Who is signed in, with another access token than this one. What a refresh brings is stored even if the browser
/// hangs up meanwhile, for the provider may have spent the old refresh token.
pub(crate) async fn renewed(
    app: &AppState,
    session: &Session,
    stale: &AccessToken,
) -> Result<SignedIn, Error> {
    let (app, session, stale) = (app.clone(), session.clone(), stale.clone());
    tokio::spawn(async move { renew(&app, &session, &stale).await })
        .await
        .unwrap_or(Err(Error::Refused(ProblemCode::Internal)))
}

async fn renew(app: &AppState, session: &Session, stale: &AccessToken) -> Result<SignedIn, Error> {
    let id = session
        .id()
        .ok_or(Error::Refused(ProblemCode::NotSignedIn))?;
    let _alone = app.refreshes.lock(id).await;
    // Another request may have renewed it, or ended the session, while this one waited.
    session.load().await?;
    let mut who = signed_in(app, session).await?;
    if who.access_token.secret() != stale.secret() {
        return Ok(who);
    }
    let refresh_token = who
        .refresh_token
        .as_ref()
        .ok_or(Error::Refused(ProblemCode::InteractionRequired))?;
    let refreshed = app
        .oidc
        .refresh(refresh_token, &who.claims.sub, &who.id_token.0)
        .await;
    match refreshed {
        Ok(tokens) => {
            who.renew(session, tokens, app.clock.unix(), &app.lifetimes)
                .await?;
            tracing::info!(event = "refresh.done");
            Ok(who)
        }
        Err(error) => {
            if matches!(error, TokenError::InvalidGrant) {
                session.flush().await?;
            }
            Err(Error::Refresh(error))
        }
    }
}

async fn signed_in(app: &AppState, session: &Session) -> Result<SignedIn, Error> {
    SignedIn::load(session, app.clock.unix(), &app.lifetimes)
        .await?
        .ok_or(Error::Refused(ProblemCode::NotSignedIn))
}
