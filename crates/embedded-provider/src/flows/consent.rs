//! Consent. All applications belong to the tenant itself, so consent is given without asking, as in Logto.

use crate::{
    Provider,
    domain::oidc_error::OidcError,
    flows::authorize,
    store::{Interaction, Session},
};

/// Grants what the request asks for and returns the path where the browser continues. The session proves which browser
/// it is. `interaction_id` tells the tabs of that browser apart; without it, the oldest waiting request is meant.
pub(crate) async fn consent(
    provider: &Provider,
    interaction_id: Option<&str>,
    session_secret: Option<&str>,
) -> Result<String, OidcError> {
    let session = authorize::session(provider, session_secret)
        .await?
        .ok_or(NOT_FOUND)?;
    let interaction = provider
        .store
        .waiting_consent(&session.uid, interaction_id, provider.clock.unix())
        .await?
        .ok_or(NOT_FOUND)?;
    grant(provider, &interaction, &session).await?;
    provider.store.submit(&interaction.id).await?;
    Ok(format!("/oidc/auth/{}", interaction.id))
}

const NOT_FOUND: OidcError = OidcError::SessionNotFound("interaction session not found");

async fn grant(
    provider: &Provider,
    interaction: &Interaction,
    session: &Session,
) -> Result<(), OidcError> {
    let (store, request) = (&provider.store, &interaction.request);
    match store
        .participation(&session.uid, &request.client_id)
        .await?
    {
        Some(part) => {
            let granted = part.granted.union(&request.scopes);
            store.widen_grant(&part.grant_id, &granted).await?;
        }
        None => {
            store
                .begin_grant(session, &request.client_id, &request.scopes)
                .await?;
        }
    }
    Ok(())
}
