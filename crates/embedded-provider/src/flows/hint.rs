//! An ID token of ours that comes back as a hint.

use crate::{Provider, domain::id_token::HintClaims, keys::VerifyError};

/// What the hint says, if this provider signed it under this issuer.
pub(crate) fn read(provider: &Provider, hint: &str) -> Result<HintClaims, VerifyError> {
    let claims: HintClaims = provider.keys.verify(hint)?;
    if claims.iss == provider.issuer() {
        Ok(claims)
    } else {
        Err(VerifyError::NotOurs)
    }
}

/// The person whom the hint names, if it was made for this client.
pub(crate) fn user(provider: &Provider, hint: &str, client_id: &str) -> Option<String> {
    read(provider, hint)
        .ok()
        .filter(|claims| claims.aud == client_id)
        .map(|claims| claims.sub)
}
