//! What a sign-in brought, until its browser claims it: one that hung up has no cookie, so nobody could use the session or
//! end it, and its refresh token would live on at the provider.

use crate::{AppState, telemetry};
use openidconnect::RefreshToken;
use shared::SignedOutReason;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower_sessions::session::Id;
use tracing::Span;

/// Taken back when it is dropped before somebody claims it.
pub(crate) struct UnclaimedSignIn {
    app: AppState,
    /// Of the request that began it.
    span: Span,
    trace: Span,
    /// A stop waits for it, too.
    _under_way: TaskTrackerToken,
    session: Option<Id>,
    refresh_token: Option<RefreshToken>,
}

impl UnclaimedSignIn {
    pub(crate) fn new(app: &AppState, refresh_token: Option<RefreshToken>) -> Self {
        Self {
            app: app.clone(),
            span: Span::current(),
            trace: telemetry::current(),
            _under_way: app.tasks.begin(),
            session: None,
            refresh_token,
        }
    }

    pub(crate) fn session_began(&mut self, id: Option<Id>) {
        self.session = id;
    }

    /// The handler is still there to answer. Who hangs up after this leaves a session behind, which ends by itself.
    pub(crate) fn claim(mut self) {
        self.session = None;
        self.refresh_token = None;
    }
}

impl Drop for UnclaimedSignIn {
    /// Nobody waits for it.
    fn drop(&mut self) {
        let (session, refresh_token) = (self.session.take(), self.refresh_token.take());
        if session.is_none() && refresh_token.is_none() {
            return;
        }
        let app = self.app.clone();
        let taking_back = async move { take_back(&app, session, refresh_token).await };
        let spawn = || self.span.in_scope(|| self.app.tasks.spawn(taking_back));
        telemetry::in_scope(self.trace.clone(), spawn);
    }
}

async fn take_back(app: &AppState, session: Option<Id>, refresh_token: Option<RefreshToken>) {
    tracing::info!(event = "sign_in.taken_back");
    if let Some(id) = session
        && let Err(cause) = app.store.end_of(&id, SignedOutReason::SignedOut).await
    {
        tracing::warn!(event = "sign_in.not_ended", %cause);
    }
    if let Some(unused) = refresh_token {
        app.oidc.revoke(unused).await;
    }
}
