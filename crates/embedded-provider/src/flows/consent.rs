//! Consent. All applications belong to the tenant itself, so consent is given without asking, as in Logto.

use crate::{
    Provider,
    domain::oidc_error::OidcError,
    flows::authorize,
    secrets::Purpose,
    store::{Interaction, Kind, Session},
};

/// Grants what the request asks for and returns the path where the browser continues.
pub(crate) async fn consent(
    provider: &Provider,
    interaction_secret: Option<&str>,
    session_secret: Option<&str>,
) -> Result<String, OidcError> {
    let secret = interaction_secret.ok_or(OidcError::SessionNotFound(
        "interaction session id cookie not found",
    ))?;
    let digest = provider.digests.digest(Purpose::Interaction, secret);
    let interaction = provider
        .store
        .interaction(&digest, provider.clock.unix())
        .await?
        .filter(|interaction| interaction.kind == Kind::Consent)
        .ok_or(NOT_FOUND)?;
    let session = authorize::session(provider, session_secret)
        .await?
        .filter(|session| Some(&session.uid) == interaction.session_uid.as_ref())
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
