//! The nonces of signed requests. Each is accepted once, until its request's date is too old anyway.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use time::OffsetDateTime;

/// The used nonces, each with the time after which the request's date is too old anyway.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<HashMap<String, OffsetDateTime>>);

impl Nonces {
    /// Stores a nonce until `expiry`. Returns `false` if it was used already.
    pub(super) fn take(&self, nonce: &str, now: OffsetDateTime, expiry: OffsetDateTime) -> bool {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|_, expiry| *expiry >= now);
        if taken.contains_key(nonce) {
            return false;
        }
        taken.insert(nonce.to_owned(), expiry);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn a_nonce_serves_once_until_it_expires() {
        let nonces = Nonces::default();
        let start = OffsetDateTime::UNIX_EPOCH;
        let expiry = start + Duration::minutes(15);
        assert!(nonces.take("a", start, expiry));
        assert!(nonces.take("b", start, expiry));
        assert!(!nonces.take("a", start, expiry));
        assert!(!nonces.take("a", expiry, expiry));
        assert!(nonces.take("a", expiry + Duration::seconds(1), expiry));
    }
}
