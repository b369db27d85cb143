//! `GET /api/auth/user-info`: the claims as the provider has them now.

use crate::{AppState, error::Error, session::refresh};
use axum::{Json, extract::State};
use oidc_rp::UserInfoError;
use shared::Claims;
use tower_sessions::Session;

pub(crate) async fn show(
    State(app): State<AppState>,
    session: Session,
) -> Result<Json<Claims>, Error> {
    let who = refresh::fresh(&app, &session).await?;
    let claims = match app
        .oidc
        .user_info(&who.tokens.access_token, &who.claims.sub)
        .await
    {
        // Revoked, or expired earlier than the provider said.
        Err(UserInfoError::Unauthorized) if who.tokens.refresh_token.is_some() => {
            let who = refresh::renewed(&app, &session, &who.tokens.access_token).await?;
            app.oidc
                .user_info(&who.tokens.access_token, &who.claims.sub)
                .await
        }
        answer => answer,
    }?;
    Ok(Json(claims))
}
