//! A person signs in. The session is new, or it is the same person's and gets a new secret. The cookie that the browser
//! sent is worthless afterwards, so that an attacker cannot plant one (session fixation).

use crate::{
    Provider,
    domain::lifetime,
    flows::back_channel_logout,
    secrets::{self, Purpose},
    store::{Session, StoreError},
};

/// Returns the session and the secret for its cookie.
pub(crate) async fn sign_in(
    provider: &Provider,
    user_id: String,
    brought: Option<Session>,
) -> Result<(Session, String), StoreError> {
    let (store, now) = (&provider.store, provider.clock.unix());
    let secret = secrets::opaque();
    let digest = provider.digests.digest(Purpose::Session, &secret);
    let expires_at = now + lifetime::SESSION;
    let session = match brought {
        Some(brought) if brought.user_id == user_id => {
            let session = Session {
                signed_in_at: now,
                ..brought
            };
            store.renew_session(&session, &digest, expires_at).await?;
            session
        }
        somebody_else => {
            if let Some(other) = somebody_else {
                back_channel_logout::end_session(provider, &other).await?;
            }
            let session = Session {
                uid: secrets::opaque(),
                user_id,
                signed_in_at: now,
            };
            store.begin_session(&session, &digest, expires_at).await?;
            session
        }
    };
    Ok((session, secret))
}
