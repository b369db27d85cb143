//! Random values, and the digests under which they are stored. A reader of the database can use none of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;

/// What a value is used for. The same value has a different digest for each purpose.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    AccessToken,
    AuthorizationCode,
    ClientAssertion,
    Interaction,
    PushedRequest,
    RefreshToken,
    Session,
    SignOut,
    VerificationCode,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::AccessToken => b"access token\0",
            Self::AuthorizationCode => b"authorization code\0",
            Self::ClientAssertion => b"client assertion\0",
            Self::Interaction => b"interaction\0",
            Self::PushedRequest => b"pushed request\0",
            Self::RefreshToken => b"refresh token\0",
            Self::Session => b"session\0",
            Self::SignOut => b"sign-out\0",
            Self::VerificationCode => b"verification code\0",
        }
    }
}

/// The key for digests, one per installation.
#[derive(Clone)]
pub(crate) struct DigestKey(Hmac<Sha256>);

impl DigestKey {
    pub(crate) const LENGTH: usize = 32;

    pub(crate) fn new(key: &[u8]) -> Self {
        let mac = Hmac::new_from_slice(key)
            .unwrap_or_else(|error| unreachable!("HMAC takes keys of any length: {error}"));
        Self(mac)
    }

    /// HMAC-SHA-256 of the purpose and the value.
    pub(crate) fn digest(&self, purpose: Purpose, value: &str) -> Vec<u8> {
        let mut mac = self.0.clone();
        mac.update(purpose.label());
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

/// A token, code, cookie or id that cannot be guessed: 256 random bits as 43 characters.
pub(crate) fn opaque() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// An id of lower-case letters and digits, as in Logto.
pub(crate) fn short_id<const LENGTH: usize>() -> String {
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rng = rand::rng();
    (0..LENGTH)
        .map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_digest_depends_on_key_purpose_and_value() {
        let (ours, theirs) = (DigestKey::new(&[1; 32]), DigestKey::new(&[2; 32]));
        let digests = [
            ours.digest(Purpose::Session, "a"),
            ours.digest(Purpose::Session, "b"),
            ours.digest(Purpose::Interaction, "a"),
            theirs.digest(Purpose::Session, "a"),
        ];
        assert_eq!(digests[0], ours.digest(Purpose::Session, "a"));
        assert_eq!(BTreeSet::from(digests).len(), 4);
    }

    #[test]
    fn ids_are_as_long_as_asked_and_never_the_same() {
        let ids: BTreeSet<String> = (0..1000).map(|_| short_id::<12>()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            assert_eq!(id.len(), 12);
            assert!(
                id.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            );
        }
        assert_eq!(opaque().len(), 43);
        assert_ne!(opaque(), opaque());
    }
}
