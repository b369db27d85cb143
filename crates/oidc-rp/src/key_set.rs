//! The keys that a provider publishes (RFC 7517), and which of them may verify a signature.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::core::CoreJsonWebKey;
use serde::Deserialize;
use serde_json::Value;

/// RFC 7518, section 3.3.
const SHORTEST_RSA_BITS: usize = 2_048;

/// A key set as it is published. Keys of unknown kinds may be among the others.
#[derive(Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Value>,
}

/// The keys that may verify signatures. `None` when no key can be read, as if there were no set.
pub(crate) fn usable(published: &KeySet) -> Option<Vec<CoreJsonWebKey>> {
    // From text: the library reads its keys from nothing else.
    let read = |key: &Value| serde_json::from_str::<CoreJsonWebKey>(&key.to_string()).ok();
    let keys = published.keys.iter();
    let readable: Vec<_> = keys.filter_map(|key| Some((key, read(key)?))).collect();
    // Anybody can sign with a private key that is published.
    let is_private = |key: &Value| !key["d"].is_null();
    let private = readable.iter().filter(|(key, _)| is_private(key)).count();
    if private > 0 {
        tracing::error!(event = "discovery.private_keys", ignored = private);
    }
    let is_there_any = !readable.is_empty();
    let usable = readable
        .into_iter()
        .filter(|(key, _)| !is_private(key) && may_verify(key) && is_long_enough(key));
    is_there_any.then(|| usable.map(|(_, key)| key).collect())
}

/// RFC 7517, section 4.3. The library reads `use` and not this member.
fn may_verify(key: &Value) -> bool {
    let verifies = |operations: &Vec<Value>| operations.iter().any(|one| one == "verify");
    key["key_ops"].is_null() || key["key_ops"].as_array().is_some_and(verifies)
}

fn is_long_enough(key: &Value) -> bool {
    let modulus = key["n"].as_str().map(|n| URL_SAFE_NO_PAD.decode(n));
    modulus.is_none_or(|modulus| {
        // A modulus that only a lenient reader decodes has no length that was checked.
        let Ok(modulus) = modulus else {
            return false;
        };
        let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
        let first = modulus
            .get(zeros)
            .map_or(8, |byte| byte.leading_zeros() as usize);
        (modulus.len() - zeros) * 8 >= SHORTEST_RSA_BITS + first
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rsa(bits: usize) -> Value {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] >>= modulus.len() * 8 - bits;
        json!({"kty": "RSA", "kid": "rsa", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode(modulus)})
    }

    /// How many keys of the set may verify; `None` when it is none.
    fn number(keys: Value) -> Option<usize> {
        let published: KeySet = serde_json::from_value(json!({"keys": keys})).unwrap();
        usable(&published).map(|keys| keys.len())
    }

    #[test]
    fn q32_a_key_that_may_not_verify_or_is_too_short_is_not_used() {
        let with = |member: &str, value: Value| {
            let mut key = rsa(2_048);
            key[member] = value;
            key
        };
        for (key, expected) in [
            (rsa(2_048), 1),
            (rsa(4_096), 1),
            (rsa(2_047), 0),
            (rsa(1_024), 0),
            (rsa(512), 0),
            (with("key_ops", json!(["verify"])), 1),
            (with("key_ops", json!(["sign", "verify"])), 1),
            (with("key_ops", json!(null)), 1),
            (with("key_ops", json!(["encrypt"])), 0),
            (with("key_ops", json!(["sign"])), 0),
            (with("key_ops", json!([])), 0),
            (with("key_ops", json!("verify")), 0),
            (with("d", json!("AQAB")), 0),
        ] {
            assert_eq!(number(json!([key])), Some(expected), "{key}");
        }
        let padded = [vec![0], vec![0xff; 255]].concat();
        let padded = with("n", json!(URL_SAFE_NO_PAD.encode(padded)));
        assert_eq!(number(json!([padded])), Some(0), "a zero is not a digit");
        let mut short = rsa(1_024)["n"].as_str().unwrap().to_owned();
        short.replace_range(short.len() - 1.., "9");
        let trailing = with("n", json!(short));
        assert_eq!(
            number(json!([trailing])),
            Some(0),
            "bits after the last byte"
        );
    }

    #[test]
    fn q32_a_set_without_a_key_that_can_be_read_is_no_set() {
        for keys in [
            json!([]),
            json!([{}, 7, null]),
            json!([{"kty": "made-up", "kid": "a"}]),
        ] {
            assert_eq!(number(keys), None);
        }
        assert_eq!(number(json!([{"kty": "made-up"}, rsa(2_048)])), Some(1));
    }
}
