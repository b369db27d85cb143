//! A session's access token, renewed when it has to be (RFC 6749, section 6): once for all requests of the session, in
//! this process and on all instances that share its store.
//!
//! Who refreshes holds the session's lock in this process and its lease in the store, and reads the session again under
//! them. What a refresh brings is stored only over the refresh token that it was made with: whoever was overtaken, because
//! it lost its lease or was asleep, takes what the faster one stored.

use crate::{
    AppState,
    error::Error,
    oidc::{RefreshedTokens, TokenError},
    session::{signed_in::SignedIn, stored::Stored},
};
use openidconnect::{AccessToken, RefreshToken};
use shared::{ProblemCode, SignedOutReason};
use std::time::{Duration, Instant};
use tower_sessions::{Session, session::Id};

/// How often one looks whether another instance has finished.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How often at most: 12 seconds, longer than a lease outlives its holder.
const LOOKS: u32 = 600;
/// A store that cannot take what a refresh brought is tried again so often, each time a little later.
const TRIES: u32 = 8;

/// Who is signed in, with an access token that has not expired.
pub(crate) async fn fresh(app: &AppState, session: &Session) -> Result<SignedIn, Error> {
    let now = app.clock.unix();
    let who = SignedIn::load(session, now, &app.lifetimes).await?;
    let who = who.ok_or(NOT_SIGNED_IN)?;
    if !who.needs_renewal(now) {
        return Ok(who);
    }
    match renewed(app, session, &who.access_token).await {
        // It was tried early: what is there works still.
        Err(error)
            if error.code() != ProblemCode::NotSignedIn && who.has_live_access_token(now) =>
        {
            Ok(who)
        }
        renewed => renewed,
    }
}

const NOT_SIGNED_IN: Error = Error::Refused(ProblemCode::NotSignedIn);

/// Who is signed in, with another access token than this one. It goes on when the browser hangs up meanwhile, for the
/// provider may have spent the old refresh token.
pub(crate) async fn renewed(
    app: &AppState,
    session: &Session,
    stale: &AccessToken,
) -> Result<SignedIn, Error> {
    let id = session.id().ok_or(NOT_SIGNED_IN)?;
    let (task_app, stale) = (app.clone(), stale.clone());
    let renewing = app.tasks.spawn(async move {
        let renewed = renew(&task_app, id, &stale).await;
        task_app.metrics.refreshes.refresh(renewed)
    });
    let renewed = renewing
        .await
        .unwrap_or(Err(Error::Refused(ProblemCode::Internal)));
    if let Err(error) = &renewed
        && error.code() == ProblemCode::NotSignedIn
    {
        session.flush().await?;
    }
    renewed
}

async fn renew(app: &AppState, id: Id, stale: &AccessToken) -> Result<SignedIn, Error> {
    let _alone = app.refreshes.lock(id).await;
    let asked = Instant::now();
    for _ in 0..LOOKS {
        if let Some(lease) = app.store.lease(&id).await? {
            app.metrics.lease_wait.observe(asked.elapsed());
            return Box::pin(lease.hold(renew_alone(app, id, stale))).await;
        }
        // Another instance refreshes.
        tokio::time::sleep(LOOK_AGAIN).await;
        let stored = load(app, id).await?;
        if stored.who.access_token.secret() != stale.secret() {
            app.metrics.lease_wait.observe(asked.elapsed());
            app.metrics.refreshes.count("overtaken");
            return Ok(stored.who);
        }
    }
    let cause = "another instance refreshes, and does not finish";
    Err(Error::ProviderUnavailable(cause.to_owned()))
}

async fn load(app: &AppState, id: Id) -> Result<Stored, Error> {
    let stored = Stored::load(&app.store, &id, app.clock.unix(), &app.lifetimes).await?;
    stored.ok_or(NOT_SIGNED_IN)
}

async fn renew_alone(app: &AppState, id: Id, stale: &AccessToken) -> Result<SignedIn, Error> {
    let stored = load(app, id).await?;
    let who = &stored.who;
    if who.access_token.secret() != stale.secret() {
        app.metrics.refreshes.count("overtaken");
        return Ok(stored.who);
    }
    let refresh_token = who
        .refresh_token
        .as_ref()
        .ok_or(Error::Refused(ProblemCode::InteractionRequired))?;
    if !app.backoff.allows(id, app.clock.unix()) {
        let cause = "the last refresh failed a moment ago";
        return Err(Error::ProviderUnavailable(cause.to_owned()));
    }
    let refreshed = app
        .oidc
        .refresh(refresh_token, &who.claims.sub, &who.id_token.0)
        .await;
    match refreshed {
        Ok(tokens) => {
            app.backoff.note_success(id);
            store(app, id, refresh_token, tokens).await
        }
        Err(TokenError::InvalidGrant) => refused(app, stored).await,
        Err(error) => {
            app.backoff
                .note_fault(id, app.clock.unix(), error.retry_after());
            Err(Error::Refresh(error))
        }
    }
}

/// Stores what `used` was exchanged for. The store may be away for a moment just now, and the tokens must not be lost.
async fn store(
    app: &AppState,
    id: Id,
    used: &RefreshToken,
    tokens: RefreshedTokens,
) -> Result<SignedIn, Error> {
    let mut pause = Duration::from_millis(50);
    for _ in 1..TRIES {
        match try_store(app, id, used, &tokens).await {
            Err(error @ Error::Store(_)) => {
                tracing::warn!(event = "refresh.not_stored_yet", cause = %error);
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Ok(None) => {}
            Ok(Some(who)) => return Ok(who),
            Err(error) => return Err(error),
        }
    }
    let last = try_store(app, id, used, &tokens).await?;
    last.ok_or(Error::Refused(ProblemCode::Internal))
}

/// One try; none when somebody else changed the session at the same time.
async fn try_store(
    app: &AppState,
    id: Id,
    used: &RefreshToken,
    tokens: &RefreshedTokens,
) -> Result<Option<SignedIn>, Error> {
    let mut stored = match load(app, id).await {
        Err(error) if error.code() == ProblemCode::NotSignedIn => {
            // Signed out meanwhile: what has just been given must not outlive it.
            if let Some(next) = tokens.refresh_token.clone() {
                app.oidc.revoke(next).await;
            }
            return Err(error);
        }
        loaded => loaded?,
    };
    if secret(&stored.who) != Some(used.secret()) {
        app.metrics.refreshes.count("overtaken");
        return Ok(Some(stored.who));
    }
    let before = stored.who.claims.clone();
    stored.who.renew(tokens, app.clock.unix());
    let saved = stored.save(&app.store, &app.lifetimes).await?;
    if let Some(who) = &saved {
        tracing::info!(event = "refresh.done");
        app.metrics.refreshes.count("done");
        if who.claims != before {
            app.store.tell_claims_changed(&id).await;
        }
    }
    Ok(saved)
}

/// The provider renews no more: the session ends, unless another instance has been given the next refresh token.
async fn refused(app: &AppState, refused: Stored) -> Result<SignedIn, Error> {
    let id = refused.record().id;
    loop {
        let stored = load(app, id).await?;
        if secret(&stored.who) != secret(&refused.who) {
            app.metrics.refreshes.count("overtaken");
            return Ok(stored.who);
        }
        let why = SignedOutReason::Provider;
        if app.store.end_unchanged(stored.record(), why).await? {
            return Err(Error::Refresh(TokenError::InvalidGrant));
        }
    }
}

fn secret(who: &SignedIn) -> Option<&String> {
    who.refresh_token.as_ref().map(RefreshToken::secret)
}
