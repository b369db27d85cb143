//! Continues an authorization after its interaction. The interaction is taken, so this works once, and only in the
//! browser that has its secret.

use crate::{
    Provider,
    domain::{next_step::Done, oidc_error::OidcError},
    flows::{
        authorize::{self, Step},
        sign_in::sign_in,
    },
    secrets::Purpose,
    store::{Interaction, Kind, Session},
};

/// How the authorization continues.
pub(crate) enum Resumed {
    /// Back to the page, because the person has not finished.
    Unfinished { location: String },
    /// The next step, and the secret of the session if it is new.
    Onward {
        step: Step,
        new_session_secret: Option<String>,
    },
}

/// Continues with the interaction of this id.
pub(crate) async fn resume(
    provider: &Provider,
    id: &str,
    interaction_secret: Option<&str>,
    session_secret: Option<&str>,
) -> Result<Resumed, OidcError> {
    let secret = interaction_secret.ok_or(EXPIRED)?;
    let digest = provider.digests.digest(Purpose::Interaction, secret);
    let now = provider.clock.unix();
    let store = &provider.store;
    let Some(interaction) = store.take_submitted_interaction(id, &digest, now).await? else {
        let unfinished = store
            .interaction(&digest, now)
            .await?
            .filter(|interaction| interaction.id == id)
            .ok_or(EXPIRED)?;
        let request = unfinished.request;
        let location = request.screen.location(&request.client_id);
        return Ok(Resumed::Unfinished { location });
    };
    let session = authorize::session(provider, session_secret).await?;
    match interaction.kind {
        Kind::SignIn => after_sign_in(provider, interaction, session).await,
        Kind::Consent => after_consent(provider, interaction, session).await,
    }
}

const EXPIRED: OidcError = OidcError::SessionNotFound("authorization request has expired");
const OTHER_SESSION: OidcError =
    OidcError::SessionNotFound("interaction session and authentication session mismatch");

async fn after_sign_in(
    provider: &Provider,
    interaction: Interaction,
    brought: Option<Session>,
) -> Result<Resumed, OidcError> {
    let user_id = interaction.user_id.ok_or(EXPIRED)?;
    provider.store.user(&user_id).await?.ok_or(EXPIRED)?;
    let (session, secret) = sign_in(provider, user_id, brought).await?;
    let done = Done {
        signed_in: true,
        consented: false,
    };
    let step = authorize::proceed(provider, &interaction.request, Some(&session), done).await?;
    Ok(Resumed::Onward {
        step,
        new_session_secret: Some(secret),
    })
}

async fn after_consent(
    provider: &Provider,
    interaction: Interaction,
    session: Option<Session>,
) -> Result<Resumed, OidcError> {
    let session = session
        .filter(|session| Some(&session.uid) == interaction.session_uid.as_ref())
        .ok_or(OTHER_SESSION)?;
    let done = Done {
        signed_in: interaction.signed_in,
        consented: true,
    };
    let step = authorize::proceed(provider, &interaction.request, Some(&session), done).await?;
    Ok(Resumed::Onward {
        step,
        new_session_secret: None,
    })
}
