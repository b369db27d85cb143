//! Takes back a sign-in whose browser hung up. That browser has no cookie, so nobody could use the session or end it, and
//! its refresh token would live on at the provider.

use super::Sessions;
use crate::tasks::Tasks;
use openidconnect::RefreshToken;
use shared::SignedOutReason;
use std::sync::Arc;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower_sessions::session::Id;
use tracing::Span;

/// What a sign-in brought until the handler claims it. If it is dropped before that, it is taken back.
pub(crate) struct UnclaimedSignIn {
    sessions: Sessions,
    oidc: Arc<oidc_rp::Client>,
    tasks: Tasks,
    /// The span of the request that began the sign-in.
    span: Span,
    /// A stop of the program waits for it, too.
    _running: TaskTrackerToken,
    session: Option<Id>,
    refresh_token: Option<RefreshToken>,
}

impl UnclaimedSignIn {
    pub(crate) fn new(
        sessions: Sessions,
        oidc: Arc<oidc_rp::Client>,
        tasks: Tasks,
        refresh_token: Option<RefreshToken>,
    ) -> Self {
        Self {
            sessions,
            oidc,
            _running: tasks.begin(),
            tasks,
            span: Span::current(),
            session: None,
            refresh_token,
        }
    }

    pub(crate) fn session_began(&mut self, id: Id) {
        self.session = Some(id);
    }

    /// Hands the session over to the handler, which is still there to answer. If the browser hangs up after this, the
    /// session stays until it expires.
    pub(crate) fn claim(mut self) -> Option<Id> {
        self.refresh_token = None;
        self.session.take()
    }
}

impl Drop for UnclaimedSignIn {
    fn drop(&mut self) {
        let (session, refresh_token) = (self.session.take(), self.refresh_token.take());
        if session.is_none() && refresh_token.is_none() {
            return;
        }
        let (sessions, oidc) = (self.sessions.clone(), self.oidc.clone());
        let taking_back = async move {
            tracing::info!(event = "sign_in.taken_back");
            if let Some(id) = session
                && let Err(cause) = sessions.end(&id, SignedOutReason::SignedOut).await
            {
                tracing::warn!(event = "sign_in.not_ended", %cause);
            }
            if let Some(refresh_token) = refresh_token {
                oidc.revoke(refresh_token).await;
            }
        };
        self.span.in_scope(|| self.tasks.spawn(taking_back));
    }
}
