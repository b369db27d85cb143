//! `GET /api/auth/user-info`: the claims as the provider has them now.

use crate::{
    AppState,
    error::Error,
    session::{layer::CurrentSession, signed_in::SignedIn},
};
use axum::{Json, extract::State};
use oidc_rp::{TokenTarget, UserInfoError};
use shared::Claims;

pub(crate) async fn show(
    State(app): State<AppState>,
    session: CurrentSession,
) -> Result<Json<Claims>, Error> {
    let target = TokenTarget::default();
    let (id, who) = session.require_fresh(&target).await?;
    let claims = match ask(&app, &who).await {
        // The access token was revoked, or it expired earlier than the provider said.
        Err(UserInfoError::Unauthorized) if who.refresh_token.is_some() => {
            let renewed = app
                .refresher
                .renewed((&id).into(), &target, who.token(&target))
                .await?;
            ask(&app, &renewed).await
        }
        answer => answer,
    };
    Ok(Json(claims?))
}

async fn ask(app: &AppState, who: &SignedIn) -> Result<Claims, UserInfoError> {
    app.oidc.user_info(&who.access_token, &who.claims.sub).await
}
