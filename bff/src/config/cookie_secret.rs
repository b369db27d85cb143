//! The secret behind cookies and stored sessions.

use secrecy::{ExposeSecret, SecretString};
use settings::parse::Parsed;
use std::collections::BTreeSet;

/// A secret of at least 32 characters that is not obviously a placeholder.
#[derive(Clone, Debug)]
pub struct CookieSecret(SecretString);

/// The example of Logto's guides; a published secret is no secret.
const PUBLISHED: &str = "complex_password_at_least_32_characters_long";
/// Fewer different characters are a pattern, not chance.
const DIFFERENT: usize = 10;

impl CookieSecret {
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        if text.chars().count() < 32 {
            return Err(
                "is too short: at least 32 characters, e.g. from `openssl rand -base64 32`",
            );
        }
        if text == PUBLISHED || text.chars().collect::<BTreeSet<_>>().len() < DIFFERENT {
            return Err(
                "is too easy to guess: take random characters, e.g. from `openssl rand -base64 32`",
            );
        }
        Ok(Self(SecretString::from(text)))
    }

    /// The input of the key derivation.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}
