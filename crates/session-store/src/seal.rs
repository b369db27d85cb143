//! Sealing (AEAD) with keys that are derived from secrets, one per purpose and location.

use rand::RngExt;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Prk, Salt},
};
use std::iter;

/// The first byte of every sealed text. It changes with the format; a text of another version does not open.
const VERSION: u8 = 5;

/// The keys of one purpose. The newest key seals, every key opens. AES-256-GCM.
#[derive(Clone)]
pub struct Keys {
    newest: Prk,
    previous: Vec<Prk>,
}

impl Keys {
    /// Derives the key of a long random secret (HKDF-SHA256, RFC 5869). A text that is sealed for one purpose does not open
    /// for another.
    #[must_use]
    pub fn derive(secret: impl AsRef<[u8]>, purpose: &str) -> Self {
        let salt = Salt::new(HKDF_SHA256, purpose.as_bytes());
        Self {
            newest: salt.extract(secret.as_ref()),
            previous: Vec::new(),
        }
    }

    /// These keys, which also open what `previous` sealed.
    #[must_use]
    pub fn also_opening(mut self, previous: Self) -> Self {
        self.previous.push(previous.newest);
        self.previous.extend(previous.previous);
        self
    }

    /// Seals a text so that it opens only at the same location: a row's key, a cookie's name.
    #[must_use]
    pub fn seal(&self, location: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::rng().random();
        let seal = |prk: &Prk| {
            let mut content = plain.to_vec();
            key(prk, location)?
                .seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::empty(),
                    &mut content,
                )
                .ok()?;
            Some(content)
        };
        // It fails beyond AES-GCM's 64 GiB. An empty text opens nowhere.
        let sealed = seal(&self.newest).unwrap_or_default();
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// Opens a text that one of these keys sealed for the same location. `None` if none of them did.
    #[must_use]
    pub fn open(&self, location: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        // An attempt decrypts in place and destroys the buffer if it fails.
        iter::once(&self.newest)
            .chain(&self.previous)
            .find_map(|prk| open_with(prk, location, sealed.to_vec()))
    }
}

fn open_with(prk: &Prk, location: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, _) = sealed
        .strip_prefix(&[VERSION])?
        .split_first_chunk::<NONCE_LEN>()?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let content = 1 + NONCE_LEN..;
    let plain = key(prk, location)?.open_within(nonce, Aad::empty(), &mut sealed, content);
    let length = plain.ok()?.len();
    sealed.truncate(length);
    Some(sealed)
}

/// Each location has its own key, so random nonces only have to be unique among the few texts of one location.
fn key(prk: &Prk, location: &[u8]) -> Option<LessSafeKey> {
    let location = [location];
    let key = prk.expand(&location, &AES_256_GCM).ok()?;
    Some(LessSafeKey::new(UnboundKey::from(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";
    const NEW: &str = "Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h";

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_purpose_and_place_only() {
        let keys = Keys::derive(OLD, "session");
        let sealed = keys.seal(b"location", b"text");
        assert_eq!(keys.open(b"location", &sealed).unwrap(), b"text");
        assert_eq!(keys.open(b"other location", &sealed), None);
        assert_eq!(
            Keys::derive(OLD, "sign-in").open(b"location", &sealed),
            None
        );
        assert_eq!(
            Keys::derive(NEW, "session").open(b"location", &sealed),
            None
        );
    }

    #[test]
    fn after_a_change_of_the_secret_the_previous_one_still_opens_and_no_longer_seals() {
        let before = Keys::derive(OLD, "session");
        let after = Keys::derive(NEW, "session").also_opening(before.clone());
        assert_eq!(
            after.open(b"", &before.seal(b"", b"text")).unwrap(),
            b"text"
        );
        assert_eq!(before.open(b"", &after.seal(b"", b"text")), None);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let keys = Keys::derive(OLD, "session");
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
