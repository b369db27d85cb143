//! Keys from `COOKIE_SECRET`, one per purpose, and sealing with them (AEAD).

use crate::config::CookieSecret;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use rand::RngExt;
use sha2::Sha256;

/// The first byte of everything sealed. A change of the content's shape takes the next number, and what
/// carries another number is as good as absent.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 24;

/// The keys of one purpose, the newest first. The newest seals, all of them open.
#[derive(Clone)]
pub(crate) struct Keys(Vec<XChaCha20Poly1305>);

/// What keys are for; a text sealed for one purpose does not open for another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    PendingSignIn,
    StoredSession,
}

impl Keys {
    pub(crate) fn derive(secrets: &[CookieSecret], purpose: Purpose) -> Self {
        let info: &[u8] = match purpose {
            Purpose::PendingSignIn => b"pending sign-in",
            Purpose::StoredSession => b"stored session",
        };
        Self(
            secrets
                .iter()
                .map(|secret| derive_one(secret, info))
                .collect(),
        )
    }

    /// Seals a text so that it opens only with the same `bound_to`.
    pub(crate) fn seal(&self, bound_to: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LENGTH] = rand::rng().random();
        let payload = Payload {
            msg: plain,
            aad: bound_to,
        };
        let sealed = self
            .0
            .first()
            .and_then(|key| key.encrypt(&XNonce::from(nonce), payload).ok());
        // Encryption in memory fails for texts beyond 256 GiB only, and `Config` has one secret at least.
        [
            &[VERSION],
            nonce.as_slice(),
            sealed.unwrap_or_default().as_slice(),
        ]
        .concat()
    }

    /// The text, if one of the keys sealed it for the same `bound_to`.
    pub(crate) fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let sealed = sealed.strip_prefix(&[VERSION])?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let open = |key: &XChaCha20Poly1305| {
            key.decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: bound_to,
                },
            )
            .ok()
        };
        self.0.iter().find_map(open)
    }
}

/// HKDF-SHA256 (RFC 5869): the secret is long text, the key is 32 bytes for one purpose.
fn derive_one(secret: &CookieSecret, info: &[u8]) -> XChaCha20Poly1305 {
    let mut key = [0; 32];
    let derived = Hkdf::<Sha256>::new(None, secret.expose()).expand(info, &mut key);
    debug_assert!(derived.is_ok(), "32 bytes are within HKDF's bounds");
    XChaCha20Poly1305::new(&key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> CookieSecret {
        CookieSecret::parse(text).unwrap()
    }

    fn old() -> CookieSecret {
        secret("n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g")
    }

    fn new() -> CookieSecret {
        secret("Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h")
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_purpose_and_place_only() {
        let keys = Keys::derive(&[old()], Purpose::StoredSession);
        let sealed = keys.seal(b"place", b"text");
        assert_eq!(keys.open(b"place", &sealed).unwrap(), b"text");
        assert_eq!(keys.open(b"other place", &sealed), None);
        assert_eq!(
            Keys::derive(&[old()], Purpose::PendingSignIn).open(b"place", &sealed),
            None
        );
        assert_eq!(
            Keys::derive(&[new()], Purpose::StoredSession).open(b"place", &sealed),
            None
        );
    }

    #[test]
    fn after_a_change_of_the_secret_the_previous_one_still_opens_and_no_longer_seals() {
        let before = Keys::derive(&[old()], Purpose::StoredSession);
        let after = Keys::derive(&[new(), old()], Purpose::StoredSession);
        assert_eq!(
            after.open(b"", &before.seal(b"", b"text")).unwrap(),
            b"text"
        );
        assert_eq!(before.open(b"", &after.seal(b"", b"text")), None);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let keys = Keys::derive(&[old()], Purpose::StoredSession);
        let sealed = keys.seal(b"", b"text");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(keys.open(b"", &changed), None, "byte {position}");
        }
        for length in 0..sealed.len() {
            assert_eq!(keys.open(b"", &sealed[..length]), None, "length {length}");
        }
    }
}
