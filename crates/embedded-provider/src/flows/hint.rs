//! ID tokens of this provider that come back as `id_token_hint`.

use crate::{Provider, domain::id_token::HintClaims, keys::VerifyError};

/// The claims of the hint, if this provider signed it for this issuer.
pub(crate) fn read(provider: &Provider, hint: &str) -> Result<HintClaims, VerifyError> {
    let claims: HintClaims = provider.keys.verify(hint)?;
    if claims.iss == provider.issuer() {
        Ok(claims)
    } else {
        Err(VerifyError::NotOurs)
    }
}

/// The `sub` of the hint, if it was issued to this client.
pub(crate) fn user(provider: &Provider, hint: &str, client_id: &str) -> Option<String> {
    read(provider, hint)
        .ok()
        .filter(|claims| claims.aud == client_id)
        .map(|claims| claims.sub)
}
