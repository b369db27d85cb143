//! The sign-in experience (Logto's Experience API): begin, switch between sign-in and registration, identify the person
//! by a verified phone number, submit.

use crate::{
    Provider,
    domain::experience_error::ExperienceError,
    secrets::Purpose,
    store::{Event, Interaction, Kind},
};
use tenant::SignInMode;

/// How a person was identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identified {
    /// The person was registered before.
    Known,
    /// The person has just been registered.
    New,
}

/// The interaction of the browser's cookie.
pub(crate) async fn interaction(
    provider: &Provider,
    secret: Option<&str>,
) -> Result<Interaction, ExperienceError> {
    let secret = secret.ok_or(ExperienceError::SessionNotFound(
        "interaction session id cookie not found",
    ))?;
    let digest = provider.digests.digest(Purpose::Interaction, secret);
    provider
        .store
        .interaction(&digest, provider.clock.unix())
        .await?
        .filter(|interaction| interaction.kind == Kind::SignIn)
        .ok_or(ExperienceError::SessionNotFound(
            "interaction session not found",
        ))
}

/// Begins the experience, or restarts it.
pub(crate) async fn begin(
    provider: &Provider,
    interaction: &Interaction,
    event: Event,
) -> Result<(), ExperienceError> {
    check_mode(provider, event)?;
    provider
        .store
        .begin_experience(&interaction.id, event)
        .await?;
    Ok(())
}

/// Switches between sign-in and registration.
pub(crate) async fn change_event(
    provider: &Provider,
    interaction: &Interaction,
    event: Event,
) -> Result<(), ExperienceError> {
    interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    check_mode(provider, event)?;
    provider.store.change_event(&interaction.id, event).await?;
    Ok(())
}

/// Identifies the person by the verified number. If the event is registration, the person is new.
pub(crate) async fn identify(
    provider: &Provider,
    interaction: &Interaction,
    verification_id: &str,
) -> Result<Identified, ExperienceError> {
    let event = interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    let store = &provider.store;
    let Some(phone) = store
        .verified_phone(verification_id, &interaction.id)
        .await?
    else {
        let sent = store
            .phone_of_verification(verification_id, &interaction.id)
            .await?;
        return Err(match sent {
            Some(_) => ExperienceError::VerificationFailed,
            None => ExperienceError::VerificationNotFound,
        });
    };
    let (user_id, identified) = match event {
        Event::SignIn => (
            store
                .user_id_of(&phone)
                .await?
                .ok_or(ExperienceError::UserNotExist(phone))?,
            Identified::Known,
        ),
        Event::Register => (
            store
                .register(&phone, provider.now_ms())
                .await?
                .ok_or(ExperienceError::PhoneInUse)?,
            Identified::New,
        ),
    };
    store.identify(&interaction.id, &user_id).await?;
    Ok(identified)
}

/// Finishes and returns the address where the browser continues.
pub(crate) async fn submit(
    provider: &Provider,
    interaction: &Interaction,
) -> Result<String, ExperienceError> {
    interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    let user_id = interaction
        .user_id
        .as_deref()
        .ok_or(ExperienceError::IdentifierNotFound)?;
    let store = &provider.store;
    store.touch_user(user_id, provider.now_ms()).await?;
    store.submit(&interaction.id).await?;
    let path = format!("/oidc/auth/{}", interaction.id);
    Ok(provider.endpoint.address(&path))
}

fn check_mode(provider: &Provider, event: Event) -> Result<(), ExperienceError> {
    match (provider.tenant().experience.sign_in_mode, event) {
        (SignInMode::SignIn, Event::Register) | (SignInMode::Register, Event::SignIn) => {
            Err(ExperienceError::Forbidden)
        }
        _ => Ok(()),
    }
}
