//! Verification codes: send one, check one.

use crate::{
    Provider,
    domain::{experience_error::ExperienceError, lifetime, verification_code::VerificationCode},
    secrets::{self, Purpose},
    store::{CodeInHand, Event, Interaction, NewVerification, Try},
};
use connector_aliyun_sms::PhoneNumber;

/// Sends a code and returns the id of the verification. When the service has accepted the message, earlier codes of the
/// interaction no longer work. When it may have sent the message, all of them work.
pub(crate) async fn send(
    provider: &Provider,
    interaction: &Interaction,
    phone: &PhoneNumber,
    event: Event,
) -> Result<String, ExperienceError> {
    interaction
        .event
        .ok_or(ExperienceError::InteractionNotFound)?;
    let tenant = provider.tenant();
    if !tenant.experience.has_phone_codes {
        return Err(ExperienceError::MethodNotEnabled);
    }
    let (store, now) = (&provider.store, provider.clock.unix());
    // Count before sending, so that a failed send cannot be used to get around the limit.
    if !store.count_message(phone, now).await? {
        let seconds = store.wait_for_message(phone, now).await?;
        store.wait_to_resend(&interaction.id, now + seconds).await?;
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
    let sent = tenant.sms.send(phone, event, &code, &id, now).await;
    let wait = match &sent {
        Ok(()) => {
            store.accept_verification(&id).await?;
            Some(lifetime::RESEND_PAUSE)
        }
        Err(error) if error.may_have_been_sent() => Some(lifetime::RESEND_PAUSE),
        Err(error) => {
            store.delete_verification(&id).await?;
            error.retry_after()
        }
    };
    if let Some(seconds) = wait {
        store.wait_to_resend(&interaction.id, now + seconds).await?;
    }
    sent.map(|()| id)
}

/// The code that the person may hold. `None` if there is none or the database fails: then the page asks for the number.
pub(crate) async fn code_in_hand(
    provider: &Provider,
    interaction: &Interaction,
) -> Option<CodeInHand> {
    let now = provider.clock.unix();
    let found = provider.store.code_in_hand(&interaction.id, now).await;
    found.map_err(ExperienceError::from).ok()?
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
    let now = provider.clock.unix();
    let Some(counted) = store.count_try(phone, now).await? else {
        let seconds = store.blocked_for(phone, now).await?;
        return Err(ExperienceError::VerificationBlocked(seconds));
    };
    let tried = try_codes(provider, id, unverified_code).await?;
    if tried == Try::Wrong && store.was_one_too_many(counted, now).await? {
        return Err(ExperienceError::VerificationBlocked(
            lifetime::WRONG_CODE_WINDOW,
        ));
    }
    if tried != Try::Wrong {
        store.forget_try(counted).await?;
    }
    match tried {
        Try::Right => Ok(()),
        Try::Wrong => Err(ExperienceError::CodeMismatch),
        Try::Expired => Err(ExperienceError::CodeExpired),
        Try::TooMany => Err(ExperienceError::TooManyTries),
        Try::NoCode => Err(ExperienceError::CodeNotFound),
    }
}

/// Tries the code of this verification, and the codes of messages to the same number that the service may have sent. A code
/// that was compared with a live one and differed is wrong, whatever has become of the others.
async fn try_codes(
    provider: &Provider,
    id: &str,
    unverified_code: &str,
) -> Result<Try, ExperienceError> {
    let (store, now) = (&provider.store, provider.clock.unix());
    let mut tried = store
        .try_code(id, &digest(provider, id, unverified_code), now)
        .await?;
    if matches!(tried, Try::Right | Try::NoCode) {
        return Ok(tried);
    }
    for other in store.other_verifications(id).await? {
        let digest = digest(provider, &other, unverified_code);
        match store.try_code(&other, &digest, now).await? {
            Try::Right => {
                store.verify_by_another(id).await?;
                return Ok(Try::Right);
            }
            Try::Wrong => tried = Try::Wrong,
            Try::Expired | Try::TooMany | Try::NoCode => {}
        }
    }
    Ok(tried)
}

/// Six digits can be guessed from a plain hash. So the digest needs the installation's key, and it is bound to the
/// verification.
fn digest(provider: &Provider, id: &str, code: &str) -> Vec<u8> {
    provider
        .digests
        .digest(Purpose::VerificationCode, &format!("{id} {code}"))
}
