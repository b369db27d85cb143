//! A session's access token, renewed when it has to be (RFC 6749, section 6): once for all requests of the session, in
//! this process and on all instances that share its store.
//!
//! Who refreshes holds the session's lock in this process and its lease in the store, and reads the session again under
//! them. What a refresh brings is stored only over the refresh token that it was made with: whoever was overtaken, because
//! it lost its lease or was asleep, takes what the faster one stored.

use crate::{
    AppState,
    error::Error,
    log_text,
    session::{signed_in::SignedIn, store::Lease, stored::Stored},
};
use oidc_rp::{RefreshFault, TokenError};
use openidconnect::{AccessToken, RefreshToken};
use shared::{ProblemCode, SignedOutReason};
use std::{
    iter,
    time::{Duration, Instant},
};
use tower_sessions::{Session, session::Id};

/// How soon one looks whether another instance has finished, and how late at last: a lease that has ended is taken
/// within this time.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(160)];
/// How long one waits for another instance: longer than a slow provider takes, shorter than a request may.
const WAIT: Duration = Duration::from_secs(12);
/// A store that cannot take what a refresh brought is tried again for so long. Tries are not
/// counted: one at a store that hangs takes up to ten seconds, and the session is locked meanwhile.
const STORING: Duration = Duration::from_secs(40);
/// How soon it is tried again, and how late at last.
const TRY_AGAIN: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(1)];

/// Who is signed in, with an access token that has not expired.
pub(crate) async fn fresh(app: &AppState, session: &Session) -> Result<SignedIn, Error> {
    let now = app.clock.unix();
    let who = SignedIn::load(session, now, &app.lifetimes).await?;
    let who = who.ok_or(NOT_SIGNED_IN)?;
    if !who.needs_renewal(now) {
        return Ok(who);
    }
    match renewed(app, session, &who.tokens.access_token).await {
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
        if let Err(error) = &renewed {
            task_app.metrics.refreshes.count(failure(error));
        }
        renewed
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

/// How a refresh failed, as a label of a metric. Successes are counted where it is known which request refreshed.
fn failure(error: &Error) -> &'static str {
    match (error, error.code()) {
        (Error::Refresh(_), ProblemCode::NotSignedIn) => "refused",
        (_, ProblemCode::NotSignedIn) => "ended",
        (_, ProblemCode::InteractionRequired) => "no_refresh_token",
        _ => "fault",
    }
}

async fn renew(app: &AppState, id: Id, stale: &AccessToken) -> Result<SignedIn, Error> {
    let _alone = app.refreshes.lock(id).await;
    let asked = Instant::now();
    for pause in pauses(LOOK_AGAIN).take_while(|_| asked.elapsed() < WAIT) {
        if let Some(lease) = app.store.lease(&id).await? {
            app.metrics.lease_wait.observe(asked.elapsed());
            return Box::pin(lease.hold(renew_alone(app, id, stale, &lease))).await;
        }
        // Another instance refreshes.
        tokio::time::sleep(pause).await;
        let stored = load(app, id).await?;
        if stored.who.tokens.access_token.secret() != stale.secret() {
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

async fn renew_alone(
    app: &AppState,
    id: Id,
    stale: &AccessToken,
    lease: &Lease,
) -> Result<SignedIn, Error> {
    let stored = load(app, id).await?;
    let who = &stored.who;
    if who.tokens.access_token.secret() != stale.secret() {
        app.metrics.refreshes.count("overtaken");
        return Ok(stored.who);
    }
    let used = who
        .tokens
        .refresh_token
        .as_ref()
        .ok_or(Error::Refused(ProblemCode::InteractionRequired))?;
    if !app.backoff.allows(id, app.clock.unix()) {
        let cause = "the last refresh failed a moment ago";
        return Err(Error::ProviderUnavailable(cause.to_owned()));
    }
    let fault = |error: TokenError| {
        app.backoff
            .note_fault(id, app.clock.unix(), error.retry_after());
        tracing::warn!(event = "refresh.failed", cause = %log_text::cause(&error));
        Err(Error::Refresh(error))
    };
    let metadata = match app.oidc.metadata().await {
        Ok(metadata) => metadata,
        Err(error) => return fault(error.into()),
    };
    if !lease.is_sure() {
        let cause = "the store was too slow to let this instance refresh";
        return Err(Error::ProviderUnavailable(cause.to_owned()));
    }
    let refreshed = app
        .oidc
        .refresh(metadata, used, &who.claims.sub, &who.tokens.id_token.0)
        .await;
    match refreshed {
        Ok(tokens) => {
            app.backoff.note_success(id);
            let renewed = tokens.refresh_token.clone();
            let change = |who: &mut SignedIn, now| who.renew(&tokens, now);
            let who = store(app, id, used, renewed.as_ref(), change).await?;
            if who.tokens.access_token.secret() == tokens.access_token.secret() {
                tracing::info!(event = "refresh.done");
                app.metrics.refreshes.count("done");
            }
            Ok(who)
        }
        Err(RefreshFault {
            error: TokenError::InvalidGrant,
            ..
        }) => refused(app, stored).await,
        Err(RefreshFault { error, next }) => {
            if let Some(next) = &next {
                let change = |who: &mut SignedIn, now| who.keep(next, now);
                store(app, id, used, Some(next), change).await?;
            }
            fault(error)
        }
    }
}

/// Stores what `used` was exchanged for. The store may be away for a moment just now, and a refresh token must not be lost.
async fn store(
    app: &AppState,
    id: Id,
    used: &RefreshToken,
    next: Option<&RefreshToken>,
    change: impl Fn(&mut SignedIn, i64),
) -> Result<SignedIn, Error> {
    let began = tokio::time::Instant::now();
    for pause in pauses(TRY_AGAIN) {
        let stored = try_store(app, id, used, next, &change).await;
        let is_last = began.elapsed() >= STORING;
        match stored {
            Err(error @ Error::Store(_)) if !is_last => {
                tracing::warn!(event = "refresh.not_stored_yet", cause = %error);
                tokio::time::sleep(pause).await;
            }
            Ok(None) if !is_last => {}
            stored => return stored?.ok_or(Error::Refused(ProblemCode::Internal)),
        }
    }
    unreachable!("the last try has ended it")
}

/// One try; none when somebody else changed the session at the same time.
async fn try_store(
    app: &AppState,
    id: Id,
    used: &RefreshToken,
    next: Option<&RefreshToken>,
    change: impl Fn(&mut SignedIn, i64),
) -> Result<Option<SignedIn>, Error> {
    let mut stored = match load(app, id).await {
        Err(error) if error.code() == ProblemCode::NotSignedIn => {
            // Signed out meanwhile: what has just been given must not outlive it.
            if let Some(next) = next {
                app.oidc.revoke(next.clone()).await;
            }
            return Err(error);
        }
        loaded => loaded?,
    };
    if secret(&stored.who) != Some(used.secret()) {
        app.metrics.refreshes.count("overtaken");
        return Ok(Some(stored.who));
    }
    let before = (stored.who.claims.clone(), stored.who.scopes.clone());
    change(&mut stored.who, app.clock.unix());
    let saved = stored.save(&app.store, &app.lifetimes).await?;
    if let Some(who) = &saved
        && (&who.claims, &who.scopes) != (&before.0, &before.1)
    {
        app.store.tell_claims_changed(&id).await;
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

/// Each twice as long as the one before, up to the longest.
fn pauses([first, longest]: [Duration; 2]) -> impl Iterator<Item = Duration> {
    iter::successors(Some(first), move |pause| Some((*pause * 2).min(longest)))
}

fn secret(who: &SignedIn) -> Option<&String> {
    who.tokens.refresh_token.as_ref().map(RefreshToken::secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_given_time_to_come_back_and_is_not_asked_all_the_time() {
        let shown: Vec<_> = pauses(TRY_AGAIN)
            .map(|pause| pause.as_millis())
            .take(7)
            .collect();
        assert_eq!(shown, [50, 100, 200, 400, 800, 1_000, 1_000]);
    }
}
