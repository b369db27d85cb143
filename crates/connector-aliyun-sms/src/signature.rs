//! Request signatures of Alibaba Cloud, pure: no clock, no network, no environment.

pub mod v1;
pub mod v3;

/// The version of a request's signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureVersion {
    /// `HMAC-SHA1` of the parameters ([`v1`]). Alibaba no longer recommends it.
    V1,
    /// `ACS3-HMAC-SHA256` of the whole request ([`v3`]).
    #[default]
    V3,
}

/// A name and its value, not encoded.
pub type Pair<'a> = (&'a str, &'a str);

/// Percent-encoding for signatures: UTF-8, `A-Z a-z 0-9 - _ . ~` stay, everything else becomes `%XX`.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                encoded.push('%');
                encoded.push_str(&hex::encode_upper([byte]));
            }
        }
    }
    encoded
}

/// The parameters, sorted by name and encoded: `name=value&name=value`.
#[must_use]
pub fn canonical_query(parameters: &[Pair<'_>]) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    let encoded: Vec<_> = sorted
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect();
    encoded.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(percent_encode("AZaz09-_.~"), "AZaz09-_.~");
        assert_eq!(percent_encode(" *+/!'()%"), "%20%2A%2B%2F%21%27%28%29%25");
        assert_eq!(percent_encode("验👍"), "%E9%AA%8C%F0%9F%91%8D");
    }

    #[test]
    fn a_query_is_sorted_and_keeps_empty_values() {
        assert_eq!(canonical_query(&[]), "");
        assert_eq!(
            canonical_query(&[("b", ""), ("a", "2 3"), ("a", "1")]),
            "a=1&a=2%203&b="
        );
    }
}
