//! Verification codes: send one, check one.

use crate::{
    Provider,
    domain::{experience_error::ExperienceError, lifetime, verification_code::VerificationCode},
    secrets::{self, Purpose},
    store::{Event, Interaction, NewVerification, Try},
};
use connector_aliyun_sms::PhoneNumber;

/// Sends a code and returns the id of the verification. Earlier codes of the interaction no longer work.
pub(crate) async fn send(
    provider: &Provider,
    interaction: &Interaction,
    phone: &PhoneNumber,
    event: Event,
) -> Result<String, ExperienceError> {
    interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    check_method(provider)?;
    let (store, now) = (&provider.store, provider.clock.unix());
    // Count before sending, so that a failed send cannot be used to get around the limit.
    if !store.count_message(phone, now).await? {
        let seconds = store.wait_for_message(phone, now).await?;
        return Err(ExperienceError::TooManyMessages(seconds));
    }
    let (id, code) = (secrets::short_id::<21>(), VerificationCode::random());
    let new = NewVerification {
        id: &id,
        interaction_id: &interaction.id,
        phone,
        digest: digest(provider, &id, code.as_str()),
        expires_at: now + lifetime::VERIFICATION_CODE,
    };
    store.begin_verification(new).await?;
    provider.sms.send(phone, event, &code).await?;
    Ok(id)
}

/// Checks a code.
pub(crate) async fn verify(
    provider: &Provider,
    interaction: &Interaction,
    id: &str,
    phone: &PhoneNumber,
    unverified_code: &str,
) -> Result<(), ExperienceError> {
    interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    let store = &provider.store;
    let sent_to = store
        .phone_of_verification(id, &interaction.id)
        .await?
        .ok_or(ExperienceError::VerificationNotFound)?;
    if sent_to != *phone {
        return Err(ExperienceError::CodeOfAnotherPhone);
    }
    let digest = digest(provider, id, unverified_code);
    match store.try_code(id, &digest, provider.clock.unix()).await? {
        Try::Right => Ok(()),
        Try::Wrong => Err(ExperienceError::CodeMismatch),
        Try::Expired => Err(ExperienceError::CodeExpired),
        Try::TooMany => Err(ExperienceError::TooManyTries),
        Try::NoCode => Err(ExperienceError::CodeNotFound),
    }
}

/// Six digits can be guessed from a plain hash. So the digest needs the installation's key, and it is bound to the
/// verification.
fn digest(provider: &Provider, id: &str, code: &str) -> Vec<u8> {
    provider
        .digests
        .digest(Purpose::VerificationCode, &format!("{id} {code}"))
}

fn check_method(provider: &Provider) -> Result<(), ExperienceError> {
    let experience = &provider.experience;
    let signs_in = experience
        .sign_in
        .methods
        .iter()
        .any(|method| method.identifier == "phone" && method.verification_code);
    let registers = experience
        .sign_up
        .identifiers
        .iter()
        .any(|known| known == "phone");
    if signs_in || registers {
        Ok(())
    } else {
        Err(ExperienceError::MethodNotEnabled)
    }
}
