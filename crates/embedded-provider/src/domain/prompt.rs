//! The parameter `prompt` (OpenID Connect Core 1.0, section 3.1.2.1).

use crate::domain::oidc_error::OidcError;
use serde::{Deserialize, Serialize};

/// The prompts that the client requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prompts {
    /// No page may be shown.
    pub(crate) none: bool,
    /// The person must sign in again.
    pub(crate) login: bool,
    /// The person must consent again.
    pub(crate) consent: bool,
}

impl Prompts {
    pub(crate) fn parse(text: &str) -> Result<Self, OidcError> {
        let mut prompts = Self::default();
        for prompt in text.split_ascii_whitespace() {
            match prompt {
                "none" => prompts.none = true,
                "login" => prompts.login = true,
                "consent" => prompts.consent = true,
                _ => {
                    return Err(OidcError::invalid_request(
                        "unsupported prompt value requested",
                    ));
                }
            }
        }
        if prompts.none && (prompts.login || prompts.consent) {
            return Err(OidcError::invalid_request(
                "prompt none must only be used alone",
            ));
        }
        Ok(prompts)
    }
}
