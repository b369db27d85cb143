//! A session's access token, renewed when necessary (RFC 6749, section 6): once for all requests of the session, in this
//! process and on all instances that share its store.
//!
//! A refresh holds the session's lock in this process and its lease in the store, and loads the session under both. Its
//! result is stored only over the refresh token that it used, under the session's version. So an instance that lost its
//! lease, or was suspended, stores nothing and returns what the faster instance stored.

mod backoff;
mod locks;

use super::{Sessions, ended, signed_in::SignedIn};
use crate::{
    error::Error,
    metrics::{Counts, Metrics},
    tasks::Tasks,
};
use backoff::Backoff;
use locks::Locks;
use oidc_rp::{ErrorKind, Metadata, TokenError, TokenTarget};
use openidconnect::{AccessToken, RefreshToken, Scope};
use prometheus_client::metrics::histogram::Histogram;
use session_store::{Lease, SessionKey, StoredSession};
use shared::{ProblemCode, SignedOutReason};
use std::{
    iter,
    sync::Arc,
    time::{Duration, Instant},
};
use telemetry::log_text;
use tokio::task::JoinHandle;

/// The length of a lease. An instance that was killed keeps the others waiting this long.
const LEASE: Duration = Duration::from_secs(8);
/// What must remain of the lease when the refresh token is sent: longer than a request to the provider may take, so
/// that no two instances use the same refresh token.
const LEASE_TO_SEND: Duration = Duration::from_secs(6);
/// The pause between two attempts to take the lease, or to store the result of a refresh: the first, and the longest. After a
/// fault of the store that outlasts the lease, the result is stored before another instance sends the old refresh token.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(160)];
/// How long to wait for the refresh of another instance: longer than a slow provider takes, shorter than a request may take.
const WAIT: Duration = Duration::from_secs(12);
/// How long to try to store the result of a refresh. Attempts are not counted, because one may take seconds.
const STORE_FOR: Duration = Duration::from_secs(40);

/// Renews access tokens. Clones share their state.
#[derive(Clone)]
pub(crate) struct Refresher(Arc<Inner>);

struct Inner {
    sessions: Sessions,
    oidc: Arc<oidc_rp::Client>,
    tasks: Tasks,
    locks: Locks,
    backoff: Backoff,
    refreshes: Counts<1>,
    lease_wait: Histogram,
}

impl Refresher {
    pub(crate) fn new(
        sessions: Sessions,
        oidc: Arc<oidc_rp::Client>,
        tasks: Tasks,
        metrics: &Metrics,
    ) -> Self {
        Self(Arc::new(Inner {
            sessions,
            oidc,
            tasks,
            locks: Locks::default(),
            backoff: Backoff::default(),
            refreshes: metrics.refreshes.clone(),
            lease_wait: metrics.lease_wait.clone(),
        }))
    }

    /// The person with an access token of this target that has not expired.
    pub(crate) async fn fresh(
        &self,
        key: SessionKey,
        who: SignedIn,
        target: &TokenTarget,
    ) -> Result<SignedIn, Error> {
        let now = self.0.sessions.clock.unix();
        if !who.needs_renewal(target, now) {
            return Ok(who);
        }
        match self.renewed(key, target, who.token(target)).await {
            // The access token was to be renewed early. It still works.
            Err(error)
                if error.code() != ProblemCode::NotSignedIn && who.has_live_token(target, now) =>
            {
                Ok(who)
            }
            renewed => renewed,
        }
    }

    /// The person with another access token of this target than this one. The task continues if the browser hangs up, because
    /// the provider may have used up the old refresh token.
    pub(crate) async fn renewed(
        &self,
        key: SessionKey,
        target: &TokenTarget,
        stale: Option<(&AccessToken, &[Scope])>,
    ) -> Result<SignedIn, Error> {
        self.start(key, target, stale.map(|(token, _)| token))
            .await?
    }

    /// The same in the background, if the access token is due.
    pub(crate) fn renew_if_due(&self, key: SessionKey, who: &SignedIn) {
        let target = TokenTarget::default();
        let now = self.0.sessions.clock.unix();
        if who.refresh_token.is_some() && who.needs_renewal(&target, now) {
            self.start(key, &target, Some(&who.access_token));
        }
    }

    /// Renews the access tokens and claims of these sessions in the background, one after the other: an event of the provider
    /// may be about many people. Open pages learn from a notice what has changed.
    pub(crate) fn renew_in_turn(&self, sessions: Vec<(SessionKey, SignedIn)>) {
        let refresher = self.clone();
        self.0.tasks.spawn(async move {
            for (key, who) in sessions {
                if who.refresh_token.is_some() {
                    let target = TokenTarget::default();
                    let _ = refresher.renewed(key, &target, who.token(&target)).await;
                }
            }
        });
    }

    fn start(
        &self,
        key: SessionKey,
        target: &TokenTarget,
        stale: Option<&AccessToken>,
    ) -> JoinHandle<Result<SignedIn, Error>> {
        let (inner, target, stale) = (self.0.clone(), target.clone(), stale.cloned());
        self.0.tasks.spawn(async move {
            let renewed = inner.renew(key, &target, stale.as_ref()).await;
            if let Err(error) = &renewed {
                inner.refreshes.count(failure(error));
            }
            renewed
        })
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }
}

impl Inner {
    async fn renew(
        &self,
        key: SessionKey,
        target: &TokenTarget,
        stale: Option<&AccessToken>,
    ) -> Result<SignedIn, Error> {
        let _locked = self.locks.lock(key).await;
        let began = Instant::now();
        for pause in pauses().take_while(|_| began.elapsed() < WAIT) {
            let (_, who) = self.load(key).await?;
            if is_newer(&who, target, stale) {
                self.lease_wait.observe(began.elapsed().as_secs_f64());
                return Ok(self.overtaken(who));
            }
            if let Some(lease) = self.sessions.store.lease(key, LEASE).await? {
                self.lease_wait.observe(began.elapsed().as_secs_f64());
                let renewed = self.renew_under(&lease, key, target, stale).await;
                lease.release().await;
                return renewed;
            }
            // Another instance refreshes.
            tokio::time::sleep(pause).await;
        }
        let cause = "another instance refreshes, and does not finish";
        Err(Error::ProviderUnavailable(cause.to_owned()))
    }

    async fn load(&self, key: SessionKey) -> Result<(StoredSession, SignedIn), Error> {
        let stored = self.sessions.store.load(key).await?;
        let stored = stored.ok_or(Error::NOT_SIGNED_IN)?;
        let who = self.sessions.read(&stored).ok_or(Error::NOT_SIGNED_IN)?;
        Ok((stored, who))
    }

    fn overtaken(&self, who: SignedIn) -> SignedIn {
        self.refreshes.count("overtaken");
        who
    }

    async fn renew_under(
        &self,
        lease: &Lease,
        key: SessionKey,
        target: &TokenTarget,
        stale: Option<&AccessToken>,
    ) -> Result<SignedIn, Error> {
        let (_, who) = self.load(key).await?;
        if is_newer(&who, target, stale) {
            return Ok(self.overtaken(who));
        }
        let used = who.refresh_token.clone();
        let mut used = used.ok_or(Error::Refused(ProblemCode::InteractionRequired))?;
        if !self.backoff.allows(key, self.sessions.clock.unix()) {
            let cause = "the last refresh failed a moment ago";
            return Err(Error::ProviderUnavailable(cause.to_owned()));
        }
        let metadata = match self.oidc.metadata().await {
            Ok(metadata) => metadata,
            Err(error) => return Err(self.failed(key, error.into())),
        };
        if lease.remaining() < LEASE_TO_SEND {
            let cause = "the store was too slow to let this instance refresh";
            return Err(Error::ProviderUnavailable(cause.to_owned()));
        }
        let response = match self.oidc.refresh(&metadata, &used, target).await {
            Ok(response) => response,
            Err(TokenError::Refused(error))
                if !target.is_provider() && error.kind() != ErrorKind::Grant =>
            {
                // It is about the target. The session and its other tokens live on.
                return Err(Error::ApiToken(error));
            }
            Err(error) => return self.refused(key, &used, error).await,
        };
        let verify = |metadata: &Metadata| {
            let (sub, id_token) = (&who.claims.sub, &who.id_token.0);
            self.oidc.verify_refresh(&response, metadata, sub, id_token)
        };
        let mut verified = verify(&metadata);
        if verified.is_err()
            && let Some(next) = response.refresh_token()
        {
            // Before anything that takes time: the lease may expire, and the used refresh token must not be used again.
            let keep = |who: &mut SignedIn, now| who.keep(&next, now);
            self.store(key, &used, Some(&next), keep).await?;
            used = next;
        }
        match self.oidc.newer_keys(&verified, &metadata).await {
            Ok(None) => {}
            Ok(Some(newer)) => verified = verify(&newer),
            Err(error) => verified = Err(error),
        }
        let tokens = match verified {
            Ok(tokens) => tokens,
            Err(error) => return self.refused(key, &used, error).await,
        };
        self.backoff.note_success(key);
        let renew = |who: &mut SignedIn, now| who.renew(target, &tokens, now);
        let next = tokens.refresh_token.as_ref();
        let who = self.store(key, &used, next, renew).await?;
        if !is_newer(&who, target, Some(&tokens.access_token)) {
            tracing::info!(event = "refresh.done");
            self.refreshes.count("done");
        }
        Ok(who)
    }

    fn failed(&self, key: SessionKey, error: TokenError) -> Error {
        let now = self.sessions.clock.unix();
        self.backoff.note_fault(key, now, error.retry_after());
        tracing::warn!(event = "refresh.failed", cause = %log_text::cause(&error));
        Error::Refresh(error)
    }

    /// Stores what `used` was exchanged for. The store may be away for a moment, and a refresh token must not be lost.
    async fn store(
        &self,
        key: SessionKey,
        used: &RefreshToken,
        next: Option<&RefreshToken>,
        change: impl Fn(&mut SignedIn, i64),
    ) -> Result<SignedIn, Error> {
        let began = tokio::time::Instant::now();
        for pause in pauses() {
            let stored = self.try_store(key, used, next, &change).await;
            let is_last = began.elapsed() >= STORE_FOR;
            match stored {
                Err(error @ Error::Store(_)) if !is_last => {
                    tracing::warn!(event = "refresh.not_stored_yet", cause = %error);
                    tokio::time::sleep(pause).await;
                }
                Ok(None) if !is_last => {}
                stored => return stored?.ok_or(Error::Refused(ProblemCode::Internal)),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// One attempt. `None` if another request changed the session at the same time.
    async fn try_store(
        &self,
        key: SessionKey,
        used: &RefreshToken,
        next: Option<&RefreshToken>,
        change: impl Fn(&mut SignedIn, i64),
    ) -> Result<Option<SignedIn>, Error> {
        let (mut stored, mut who) = match self.load(key).await {
            Err(error) if error.code() == ProblemCode::NotSignedIn => {
                // The session ended meanwhile: the new refresh token must not outlive it.
                if let Some(next) = next {
                    self.oidc.revoke(next.clone()).await;
                }
                return Err(error);
            }
            loaded => loaded?,
        };
        if !has(&who, used) {
            return Ok(Some(self.overtaken(who)));
        }
        let before = who.facts();
        change(&mut who, self.sessions.clock.unix());
        who.store_in(&mut stored)?;
        if !self.sessions.store.replace(&stored).await? {
            return Ok(None);
        }
        if who.facts() != before {
            self.sessions.publish_claims_changed(key).await;
        }
        Ok(Some(who))
    }

    /// If no refresh can work any more, the session ends, unless another instance stored a newer refresh token.
    async fn refused(
        &self,
        key: SessionKey,
        used: &RefreshToken,
        error: TokenError,
    ) -> Result<SignedIn, Error> {
        while error.ends_session() {
            let (stored, who) = self.load(key).await?;
            if !has(&who, used) {
                return Ok(self.overtaken(who));
            }
            let reason = SignedOutReason::Provider;
            let store = &self.sessions.store;
            if store.end_unchanged(&stored, &ended(reason)).await? {
                if matches!(error, TokenError::IdToken(_)) {
                    // It came with the ID token of somebody else, and works.
                    self.oidc.revoke(used.clone()).await;
                }
                break;
            }
        }
        Err(self.failed(key, error))
    }
}

/// Whether the session has another access token of this target than this one.
fn is_newer(who: &SignedIn, target: &TokenTarget, than: Option<&AccessToken>) -> bool {
    let token = who.token(target).map(|(token, _)| token.secret());
    token != than.map(AccessToken::secret)
}

fn has(who: &SignedIn, refresh_token: &RefreshToken) -> bool {
    let own = who.refresh_token.as_ref().map(RefreshToken::secret);
    own == Some(refresh_token.secret())
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

/// Each pause is twice as long as the one before, up to the longest.
fn pauses() -> impl Iterator<Item = Duration> {
    let [first, longest] = PAUSES;
    iter::successors(Some(first), move |pause| Some((*pause * 2).min(longest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_given_time_to_come_back_and_is_not_asked_all_the_time() {
        let shown: Vec<_> = pauses().map(|pause| pause.as_millis()).take(5).collect();
        assert_eq!(shown, [20, 40, 80, 160, 160]);
    }
}
