//! What a sign-in brought, until its browser is told: a browser that hung up has no cookie, so nobody could use the session
//! or end it, and its refresh token would live on at the provider.

use super::store::Store;
use crate::AppState;
use openidconnect::RefreshToken;
use shared::SignedOutReason;
use tower_sessions::session::Id;

/// Taken back when it is dropped before its browser is told.
pub(crate) struct Untold {
    app: AppState,
    brought: Option<Brought>,
}

struct Brought {
    refresh_token: Option<RefreshToken>,
    session: Option<Id>,
}

impl Untold {
    pub(crate) fn new(app: &AppState, refresh_token: Option<RefreshToken>) -> Self {
        let brought = Brought {
            refresh_token,
            session: None,
        };
        Self {
            app: app.clone(),
            brought: Some(brought),
        }
    }

    /// The session has begun.
    pub(crate) fn begun(&mut self, id: Option<Id>) {
        if let Some(brought) = &mut self.brought {
            brought.session = id;
        }
    }

    /// The answer with the cookie is on its way.
    pub(crate) fn tell(mut self) {
        self.brought = None;
    }
}

impl Drop for Untold {
    /// Nobody waits for it.
    fn drop(&mut self) {
        if let Some(brought) = self.brought.take() {
            let app = self.app.clone();
            self.app
                .tasks
                .spawn(async move { brought.take_back(&app).await });
        }
    }
}

impl Brought {
    async fn take_back(self, app: &AppState) {
        tracing::info!(event = "sign_in.taken_back");
        if let Some(id) = self.session {
            end(&app.store, &id).await;
        }
        if let Some(unused) = self.refresh_token {
            app.oidc.revoke(unused).await;
        }
    }
}

async fn end(store: &Store, id: &Id) {
    if let Err(cause) = store.end_of(id, SignedOutReason::SignedOut).await {
        tracing::warn!(event = "sign_in.not_taken_back", %cause);
    }
}
