//! One step of an authorization: to a page, to consent, or back to the client with a code.

use crate::{
    Provider,
    domain::{
        authorization_request::AuthorizationRequest,
        lifetime,
        next_step::{Done, NextStep, SignedIn, next_step},
        response_mode::AuthorizationResponse,
        scope::OFFLINE_ACCESS,
    },
    secrets::{self, Purpose},
    store::{Kind, NewAuthorizationCode, NewInteraction, Participation, Session, StoreError},
};

/// Where the browser goes next.
pub(crate) enum Step {
    /// To one of our pages, with the secret of a new interaction.
    Interact {
        kind: Kind,
        interaction_id: String,
        secret: String,
        location: String,
    },
    /// Back to the client.
    Respond(AuthorizationResponse),
}

/// The live session of the browser's cookie.
pub(crate) async fn session(
    provider: &Provider,
    secret: Option<&str>,
) -> Result<Option<Session>, StoreError> {
    let Some(secret) = secret else {
        return Ok(None);
    };
    let digest = provider.digests.digest(Purpose::Session, secret);
    provider.store.session(&digest, provider.clock.unix()).await
}

/// Takes the next step that the request needs.
pub(crate) async fn proceed(
    provider: &Provider,
    request: &AuthorizationRequest,
    session: Option<&Session>,
    done: Done,
) -> Result<Step, StoreError> {
    let store = &provider.store;
    store.sweep(provider.clock.unix()).await?;
    let participation = match session {
        Some(session) => {
            store
                .participation(&session.uid, &request.client_id)
                .await?
        }
        None => None,
    };
    let signed_in = session.map(|session| SignedIn {
        user: &session.user_id,
        at: session.signed_in_at,
        granted: participation.as_ref().map(|part| &part.granted),
    });
    let next = next_step(request, signed_in.as_ref(), done, provider.clock.unix());
    match (next, session, participation) {
        (Ok(NextStep::SignIn), ..) => interact(provider, request, Kind::SignIn, done, None).await,
        (Ok(NextStep::Respond), Some(session), Some(participation)) => {
            let code = issue_code(provider, request, session, &participation).await?;
            Ok(Step::Respond(request.target.code(&code, provider.issuer())))
        }
        (Ok(_), session, _) => interact(provider, request, Kind::Consent, done, session).await,
        (Err(error), ..) => Ok(Step::Respond(
            request.target.error(&error, provider.issuer()),
        )),
    }
}

async fn interact(
    provider: &Provider,
    request: &AuthorizationRequest,
    kind: Kind,
    done: Done,
    session: Option<&Session>,
) -> Result<Step, StoreError> {
    let (interaction_id, secret) = (secrets::opaque(), secrets::opaque());
    let new = NewInteraction {
        id: &interaction_id,
        digest: provider.digests.digest(Purpose::Interaction, &secret),
        kind,
        request,
        signed_in: done.signed_in,
        session_uid: session.map(|session| session.uid.as_str()),
        expires_at: provider.clock.unix() + lifetime::INTERACTION,
    };
    let location = match session {
        None => request.screen.location(&request.client_id),
        Some(session) => consent_location(provider, request, session, &interaction_id).await?,
    };
    provider.store.begin_interaction(new).await?;
    Ok(Step::Interact {
        kind,
        interaction_id,
        secret,
        location,
    })
}

/// Logto's address. If another tab of the session waits for consent, it names the interaction, so that neither tab takes
/// the other's.
async fn consent_location(
    provider: &Provider,
    request: &AuthorizationRequest,
    session: &Session,
    interaction_id: &str,
) -> Result<String, StoreError> {
    let location = format!("/consent?app_id={}", request.client_id);
    let now = provider.clock.unix();
    let other = provider
        .store
        .waiting_consent(&session.uid, None, now)
        .await?;
    Ok(match other {
        Some(_) => format!("{location}&interaction={interaction_id}"),
        None => location,
    })
}

async fn issue_code(
    provider: &Provider,
    request: &AuthorizationRequest,
    session: &Session,
    participation: &Participation,
) -> Result<String, StoreError> {
    let now = provider.clock.unix();
    let outlives_sign_out = request.scopes.contains(OFFLINE_ACCESS);
    if outlives_sign_out {
        provider
            .store
            .keep_grant_after_sign_out(&participation.grant_id)
            .await?;
    }
    let code = secrets::opaque();
    let new = NewAuthorizationCode {
        digest: provider.digests.digest(Purpose::AuthorizationCode, &code),
        grant_id: &participation.grant_id,
        redirect_uri: &request.target.redirect_uri,
        scopes: &request.scopes,
        nonce: request.nonce.as_deref(),
        code_challenge: request.code_challenge.as_ref(),
        auth_time: request.wants_auth_time().then_some(session.signed_in_at),
        sid: &participation.sid,
        session_uid: (!outlives_sign_out).then_some(session.uid.as_str()),
        expires_at: now + lifetime::AUTHORIZATION_CODE,
    };
    provider.store.keep_code(new).await?;
    provider
        .store
        .extend_session(&session.uid, now + lifetime::SESSION)
        .await?;
    Ok(code)
}
