//! Keys from `COOKIE_SECRET`, one per purpose and place, and sealing with them (AEAD).

use crate::config::CookieSecret;
use rand::RngExt;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Prk, Salt},
};

/// The first byte of everything sealed. A change of the content's shape takes the next number, and what
/// carries another number is as good as absent: sessions, and sign-ins that are under way.
const VERSION: u8 = 4;

/// The keys of one purpose, the newest first. The newest seals, all of them open.
#[derive(Clone)]
pub(crate) struct Keys(Vec<Prk>);

/// What keys are for; a text sealed for one purpose does not open for another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    PendingSignIn,
    StoredSession,
}

impl Keys {
    /// HKDF-SHA256 (RFC 5869): the secrets are long texts.
    pub(crate) fn derive(secrets: &[CookieSecret], purpose: Purpose) -> Self {
        let purpose: &[u8] = match purpose {
            Purpose::PendingSignIn => b"pending sign-in",
            Purpose::StoredSession => b"stored session",
        };
        let salt = Salt::new(HKDF_SHA256, purpose);
        let derive = |secret: &CookieSecret| salt.extract(secret.expose());
        Self(secrets.iter().map(derive).collect())
    }

    /// Seals a text so that it opens only in the same place.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::rng().random();
        let seal = |prk: &Prk| {
            let mut content = plain.to_vec();
            key(prk, place)?
                .seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::empty(),
                    &mut content,
                )
                .ok()?;
            Some(content)
        };
        // AES-GCM takes 64 GiB, and `Config` has one secret at least.
        let sealed = self.0.first().and_then(seal).unwrap_or_default();
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// The text, if one of the keys sealed it for the same place.
    pub(crate) fn open(&self, place: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        // Each attempt decrypts in the buffer and spoils it if it fails, so all but the last need a copy.
        let (oldest, newer) = self.0.split_last()?;
        newer
            .iter()
            .find_map(|prk| open_with(prk, place, sealed.clone()))
            .or_else(|| open_with(oldest, place, sealed))
    }
}

/// Leaves the text at the beginning of the buffer.
fn open_with(prk: &Prk, place: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, _) = sealed
        .strip_prefix(&[VERSION])?
        .split_first_chunk::<NONCE_LEN>()?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let content = 1 + NONCE_LEN..;
    let plain = key(prk, place)?.open_within(nonce, Aad::empty(), &mut sealed, content);
    let length = plain.ok()?.len();
    sealed.truncate(length);
    Some(sealed)
}

/// Each place has a key of its own, so that random nonces need be unique among the few texts of one place only.
fn key(prk: &Prk, place: &[u8]) -> Option<LessSafeKey> {
    let place = [place];
    let key = prk.expand(&place, &AES_256_GCM).ok()?;
    Some(LessSafeKey::new(UnboundKey::from(key)))
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
        assert_eq!(keys.open(b"place", sealed.clone()).unwrap(), b"text");
        assert_eq!(keys.open(b"other place", sealed.clone()), None);
        assert_eq!(
            Keys::derive(&[old()], Purpose::PendingSignIn).open(b"place", sealed.clone()),
            None
        );
        assert_eq!(
            Keys::derive(&[new()], Purpose::StoredSession).open(b"place", sealed.clone()),
            None
        );
    }

    #[test]
    fn after_a_change_of_the_secret_the_previous_one_still_opens_and_no_longer_seals() {
        let before = Keys::derive(&[old()], Purpose::StoredSession);
        let after = Keys::derive(&[new(), old()], Purpose::StoredSession);
        assert_eq!(after.open(b"", before.seal(b"", b"text")).unwrap(), b"text");
        assert_eq!(before.open(b"", after.seal(b"", b"text")), None);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let keys = Keys::derive(&[old()], Purpose::StoredSession);
        let sealed = keys.seal(b"", b"text");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(keys.open(b"", changed), None, "byte {position}");
        }
        for length in 0..sealed.len() {
            assert_eq!(
                keys.open(b"", sealed[..length].to_vec()),
                None,
                "length {length}"
            );
        }
    }
}
