//! The secret behind cookies and stored sessions.

use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;

/// A secret of at least 32 characters that is not obviously a placeholder.
#[derive(Clone, Debug)]
pub struct CookieSecret(SecretString);

/// The example of Logto's guides; a published secret is no secret.
const PUBLISHED: &str = "complex_password_at_least_32_characters_long";
const LENGTH: usize = 32;
/// Fewer different characters than this are a pattern, not chance.
const DIFFERENT: usize = 10;

impl CookieSecret {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() < LENGTH {
            return Err(format!(
                "is too short: at least {LENGTH} characters, e.g. from `openssl rand -base64 32`"
            ));
        }
        if text == PUBLISHED || text.chars().collect::<BTreeSet<_>>().len() < DIFFERENT {
            return Err(
                "is too easy to guess: take random characters, e.g. from `openssl rand -base64 32`"
                    .to_owned(),
            );
        }
        Ok(Self(SecretString::from(text)))
    }

    /// The input of the key derivation.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}
